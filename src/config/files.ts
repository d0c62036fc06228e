import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { jsonFault } from "../protocol/json-fault.ts";
import { type ConfigLayer, isRecord } from "./config.ts";

/** The folder beside a configuration file whose files are laid over it. */
const CONFIG_FOLDER = "config.d";

/** What a configuration file and its folder hold. A file that cannot be used is a fault of its layer. */
export function fileLayers(file: string): ConfigLayer[] {
  return [readConfigFile(file), ...readConfigFolder(file)];
}

/** A file with one JSON object of options. */
export function readConfigFile(path: string): ConfigLayer {
  const unusable = (fault: string) => ({ source: path, values: {}, fault });
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    return unusable(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`);
  }
  // Editors on Windows begin a file with a byte order mark.
  const json = text.replace(/^\uFEFF/, "");
  const fault = jsonFault(json);
  if (fault) {
    return unusable(`is not JSON: line ${fault.line}, column ${fault.column}: ${fault.message}`);
  }
  const values: unknown = JSON.parse(json);
  if (!isRecord(values)) return unusable("must hold one JSON object");
  return { source: path, values };
}

/** The files that packages and tools add, in order of their names, so that `50-` stands over `10-`. */
function readConfigFolder(file: string): ConfigLayer[] {
  const folder = join(dirname(file), CONFIG_FOLDER);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    const { code = "failed" } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    return [{ source: folder, values: {}, fault: `cannot be read (${code})` }];
  }
  return names
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .toSorted()
    .map((name) => readConfigFile(join(folder, name)));
}
