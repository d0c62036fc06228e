import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { jsonFault } from "../protocol/json-fault.ts";
import { buildConfig, type ConfigLayer, isRecord } from "./config.ts";
import type { Config } from "./schema.ts";

/** Options that have a flag; each also has a variable `KMS_BOX_<NAME>`. */
export interface ConfigFlags {
  readonly data?: string | undefined;
  readonly bind?: string | undefined;
  readonly port?: string | undefined;
  readonly config?: string | undefined;
  /** False when `--no-panel` and so on were given. */
  readonly panel?: boolean | undefined;
  readonly dns?: boolean | undefined;
  readonly web?: boolean | undefined;
  readonly webPort?: string | undefined;
  readonly httpsPort?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder beside a configuration file whose files are laid over it. */
const CONFIG_FOLDER = "config.d";

/**
 * The configuration from file, its folder `config.d`, environment and flags; the later of these wins.
 *
 * @param base values that stand above the defaults and below all the others
 * @throws {ConfigInvalidError} listing every fault at once
 */
export function loadConfig(
  flags: ConfigFlags,
  env: Environment,
  base: ConfigLayer["values"] = {},
): Config {
  const file = flags.config ?? env.KMS_BOX_CONFIG;
  const layers: ConfigLayer[] = [{ source: "defaults of this command", values: base }];
  if (file !== undefined) layers.push(...fileLayers(file));
  layers.push({ source: "environment", values: fromEnvironment(env) }, ...switchFaults(env));
  layers.push({
    source: "flags",
    values: {
      data: flags.data,
      bind: flags.bind,
      port: numeric(flags.port),
      // Commander says true where the flag was not given, which must not override the file.
      panel: flags.panel === false ? false : undefined,
      dns: flags.dns === false ? { enabled: false } : undefined,
      web: webOf(flags.web === false, flags.webPort, flags.httpsPort),
    },
  });
  return buildConfig(layers);
}

/** What a configuration file and its folder hold. A file that cannot be used is a fault of its layer. */
export function fileLayers(file: string): ConfigLayer[] {
  return [readConfigFile(file), ...readConfigFolder(file)];
}

function readConfigFile(path: string): ConfigLayer {
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

function fromEnvironment(env: Environment): Record<string, unknown> {
  return {
    data: env.KMS_BOX_DATA,
    bind: env.KMS_BOX_BIND,
    port: numeric(env.KMS_BOX_PORT),
    panel: switchedOff(env.KMS_BOX_NO_PANEL),
    dns: enabledUnless(env.KMS_BOX_NO_DNS),
    web: webOf(
      switchedOff(env.KMS_BOX_NO_WEB) === false,
      env.KMS_BOX_WEB_PORT,
      env.KMS_BOX_HTTPS_PORT,
    ),
  };
}

function webOf(off: boolean, port: string | undefined, httpsPort: string | undefined) {
  return { enabled: off ? false : undefined, port: numeric(port), httpsPort: numeric(httpsPort) };
}

/** The number where the text is one, else the text, for the schema to refuse. */
function numeric(text: string | undefined): number | string | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : text;
}

const SWITCHES = ["KMS_BOX_NO_PANEL", "KMS_BOX_NO_DNS", "KMS_BOX_NO_WEB"];
const ON = ["1", "true"];
const OFF = ["", "0", "false"];

function switchedOff(value: string | undefined): false | undefined {
  return ON.includes(value ?? "") ? false : undefined;
}

function enabledUnless(value: string | undefined): { enabled: false } | undefined {
  return switchedOff(value) === false ? { enabled: false } : undefined;
}

function switchFaults(env: Environment): ConfigLayer[] {
  return SWITCHES.filter((name) => ![...ON, ...OFF].includes(env[name] ?? "")).map((name) => ({
    source: "environment",
    values: {},
    fault: `${name} must be 1 or 0, but is ${JSON.stringify(env[name])}`,
  }));
}
