import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGE_FILE = packageFile();

/** The package's version. */
export const VERSION: string = (
  JSON.parse(readFileSync(PACKAGE_FILE, "utf8")) as { version: string }
).version;

/** Where the build leaves what browsers load. */
export const PAGES_FOLDER = fileURLToPath(new URL("dist/web", PACKAGE_FILE));

/** The nearest one above: code is run from `dist/`, from `src/`, and deeper when it is measured. */
function packageFile(): URL {
  const candidates = ["../package.json", "../../package.json"].map(
    (path) => new URL(path, import.meta.url),
  );
  return candidates.find((url) => existsSync(url)) ?? new URL("package.json", import.meta.url);
}
