import type { Json } from "../../ports/store.ts";
import { isRecord } from "../config.ts";
import { ConfigSchema } from "../schema.ts";

/** What the schema says of one option. */
export interface OptionSchema {
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
}

/** Every option by its name with dots, in the order of the schema. */
export function schemaOptions(): ReadonlyMap<string, OptionSchema> {
  return new Map(optionsBelow(ConfigSchema as OptionSchema, ""));
}

function optionsBelow(schema: OptionSchema, before: string): [string, OptionSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, option]) =>
    option.properties
      ? optionsBelow(option, `${before}${name}.`)
      : ([[`${before}${name}`, option]] as [string, OptionSchema][]),
  );
}

type Values = Readonly<Record<string, unknown>>;

/** The value of a name with dots; undefined if there is none. */
export function valueAt(values: Values, name: string): unknown {
  return name.split(".").reduce<unknown>((inner, key) => {
    return isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }, values);
}

/** Values with one of them set, or removed by undefined; parts that hold nothing are left out. */
export function withValue(values: Values, name: string, value: unknown): Record<string, unknown> {
  const [key = "", ...below] = name.split(".");
  const { [key]: before, ...others } = values;
  const after =
    below.length === 0 ? value : withValue(isRecord(before) ? before : {}, below.join("."), value);
  const isEmpty = below.length > 0 && Object.keys(after as object).length === 0;
  return after === undefined || isEmpty ? others : { ...others, [key]: after };
}
