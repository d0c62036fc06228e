import { buildConfig, ConfigInvalidError, type ConfigLayer } from "./config.ts";
import { DEFAULT_DATA } from "./defaults.ts";
import { fileLayers } from "./files.ts";
import type { Config } from "./schema.ts";
import { withKeyFiles } from "./settings/dns-keys.ts";
import { withInheritedFiles } from "./settings/inherit.ts";
import { readSettingsLayer } from "./settings/read-settings.ts";
import { settingsRules } from "./settings/rules.ts";

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

/** What every start reads anew, in the order in which it is laid over the defaults. */
export interface ConfigLayers {
  /** The configuration file, if there is one. */
  readonly file: string | undefined;
  /** Of the command and the files. */
  readonly below: readonly ConfigLayer[];
  /** Of environment and flags, which stand over what the administrator sets while the box runs. */
  readonly above: readonly ConfigLayer[];
}

/** A configuration, and where it comes from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly layers: ConfigLayers;
  /** What the administrator has set while the box ran; empty where that cannot be used. */
  readonly settings: ConfigLayer["values"];
  /** Why that cannot be used, and is left out; empty if it can. */
  readonly unusable: readonly string[];
}

/** The configuration alone: see `loadBoxConfig`. */
export function loadConfig(
  flags: ConfigFlags,
  env: Environment,
  base: ConfigLayer["values"] = {},
): Config {
  return loadBoxConfig(flags, env, base).config;
}

/**
 * The configuration from file, its folder `config.d`, the settings in the state folder, environment
 * and flags; the later of these wins. Settings that cannot be used are left out.
 *
 * @param base values that stand above the defaults and below all the others
 * @throws {ConfigInvalidError} listing every fault at once
 */
export function loadBoxConfig(
  flags: ConfigFlags,
  env: Environment,
  base: ConfigLayer["values"] = {},
): LoadedConfig {
  const layers = readLayers(flags, env, base);
  const folder = stateFolder([...layers.below, ...layers.above]);
  const stored = readSettingsLayer(folder);
  const without = (unusable: readonly string[]) => {
    const config = buildConfig([...layers.below, ...layers.above]);
    return { config: withKeyFiles(config), layers, settings: {}, unusable };
  };
  if (stored === undefined) return without([]);
  try {
    return { config: layered(layers, stored), layers, settings: stored.values, unusable: [] };
  } catch (error) {
    if (!(error instanceof ConfigInvalidError)) throw error;
    return without(error.faults);
  }
}

/**
 * The configuration that the settings give between the other layers.
 *
 * @throws {ConfigInvalidError}
 */
export function layered({ below, above }: ConfigLayers, settings: ConfigLayer): Config {
  const inherited = withInheritedFiles(settings, below);
  const config = buildConfig([...below, inherited, ...settingsRules(settings, below), ...above]);
  return withKeyFiles(config);
}

function readLayers(
  flags: ConfigFlags,
  env: Environment,
  base: ConfigLayer["values"],
): ConfigLayers {
  const file = flags.config ?? env.KMS_BOX_CONFIG;
  const command = { source: "defaults of this command", origin: "command", values: base } as const;
  const values = {
    data: flags.data,
    bind: flags.bind,
    port: numeric(flags.port),
    // Commander says true where the flag was not given, which must not override the file.
    panel: flags.panel === false ? false : undefined,
    dns: flags.dns === false ? { enabled: false } : undefined,
    web: webOf(flags.web === false, flags.webPort, flags.httpsPort),
  };
  return {
    file,
    below: [command, ...(file === undefined ? [] : fileLayers(file))],
    above: [
      { source: "environment", origin: "environment", values: fromEnvironment(env) },
      ...switchFaults(env),
      { source: "flags", origin: "flag", values },
    ],
  };
}

/** Where the state is: it must be known before what stands in it. */
function stateFolder(layers: readonly ConfigLayer[]): string {
  const named = layers.findLast(({ values }) => typeof values.data === "string")?.values.data;
  return typeof named === "string" && named !== "" ? named : DEFAULT_DATA;
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
    origin: "environment",
    values: {},
    fault: `${name} must be 1 or 0, but is ${JSON.stringify(env[name])}`,
  }));
}
