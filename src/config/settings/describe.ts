import type { Setting, SettingSource } from "../../ports/settings.ts";
import type { Json } from "../../ports/store.ts";
import type { ConfigLayer } from "../config.ts";
import type { ConfigLayers } from "../load.ts";
import type { Config } from "../schema.ts";
import { type OptionSchema, schemaOptions, valueAt } from "./options.ts";
import { fixedBecause } from "./rules.ts";

/** Values that nobody is shown again. */
const SECRET = /(?:secret|token|password|passphrase)$/i;

/** What is set, by whom, and what is in use. */
export interface Described {
  readonly layers: ConfigLayers;
  readonly settings: ConfigLayer;
  /** What the next start uses. */
  readonly next: Config;
  readonly inUse: Config;
}

/** Every option of the box, in the order of the schema. */
export function describeOptions(described: Described): Setting[] {
  return [...schemaOptions()].map(([name, schema]) => describeOption(name, schema, described));
}

function describeOption(
  name: string,
  schema: OptionSchema,
  { layers, settings, next, inUse }: Described,
): Setting {
  const { description = "", minimum = null, maximum = null } = schema;
  const all = [...layers.below, settings, ...layers.above];
  const layer = all.findLast(({ values }) => valueAt(values, name) !== undefined);
  const source = layer === undefined ? "default" : (layer.origin ?? "file");
  return {
    name,
    value: shown(name, next),
    inUse: shown(name, inUse),
    default: schema.default ?? null,
    source,
    place: source === "file" ? (layer?.source ?? null) : null,
    type: typeOf(schema),
    minimum,
    maximum,
    choices: schema.enum ?? null,
    description,
    fixed: fixedBecause(name, layers.below) ?? overruledBy(source),
  };
}

/** Why what is set here would change nothing; null if it would. */
export function overruledBy(source: SettingSource): string | null {
  if (source === "flag") return "It is set by a flag of the command that started the box.";
  if (source === "environment") return "It is set by a variable (KMS_BOX_…) of the box's process.";
  return null;
}

function shown(name: string, config: Config): Json {
  return SECRET.test(name) ? null : ((valueAt(config, name) ?? null) as Json);
}

function typeOf({ type, enum: choices, default: value }: OptionSchema): Setting["type"] {
  if (type === "boolean") return "boolean";
  if (type === "array") return "list";
  const isNumber = type === "integer" || typeof (choices?.[0] ?? value) === "number";
  return isNumber ? "integer" : "string";
}
