import { existsSync, readFileSync } from "node:fs";

/** The package's version. */
export const VERSION: string = (
  JSON.parse(readFileSync(packageFile(), "utf8")) as { version: string }
).version;

/** The nearest one above: code is run from `dist/`, from `src/`, and deeper when it is measured. */
function packageFile(): URL {
  const candidates = ["../package.json", "../../package.json"].map(
    (path) => new URL(path, import.meta.url),
  );
  return candidates.find((url) => existsSync(url)) ?? new URL("package.json", import.meta.url);
}
