import type { Compile } from "./typebox.ts";

export type SchemaError = ReturnType<ReturnType<typeof Compile>["Errors"]>[number];

/** What is used here of a schema. */
interface Wanted {
  readonly type?: string;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/**
 * What a schema asks of a value, for a person: a clause such as `must be a whole number from 1 to 65535`.
 *
 * @param root the schema that the value was checked by
 */
export function plainWords(error: SchemaError, root: object): string {
  if (error.keyword === "required") return `lacks ${error.params.requiredProperties.join(", ")}`;
  if (error.keyword === "additionalProperties") {
    return `has what is not known here: ${error.params.additionalProperties.join(", ")}`;
  }
  if (error.keyword === "enum") return `must be one of ${error.params.allowedValues.join(", ")}`;
  const schema = schemaAt(root, error.schemaPath);
  const phrase = PHRASES[schema.type ?? ""];
  if (error.keyword === "pattern") {
    return `is not of the form that is asked for: ${schema.description ?? error.params.pattern}`;
  }
  return phrase ? `must be ${phrase(schema)}` : error.message;
}

const PHRASES: Readonly<Record<string, (schema: Wanted) => string>> = {
  integer: ({ minimum, maximum }) => `a whole number${within(minimum, maximum)}`,
  string: ({ minLength, maxLength }) => `text${within(minLength, maxLength, "character")}`,
  array: ({ minItems, maxItems }) => `a list${within(minItems, maxItems, "item")}`,
  boolean: () => "true or false",
  object: () => "a group of options",
};

/** Such as ` from 1 to 65535`, or ` of at least 1 character`. */
function within(least?: number, most?: number, unit?: string): string {
  const units = unit === undefined ? "" : ` ${unit}${(most ?? least) === 1 ? "" : "s"}`;
  if (least === undefined && most === undefined) return "";
  if (most === undefined) return ` of at least ${least}${units}`;
  if (least === undefined) return ` of at most ${most}${units}`;
  return ` ${unit === undefined ? "from" : "of"} ${least} to ${most}${units}`;
}

/** @param path such as `#/properties/port` */
function schemaAt(root: object, path: string): Wanted {
  const keys = path.split("/").slice(1);
  return keys.reduce<object>(
    (inner, key) => (inner as Readonly<Record<string, object>>)[key] ?? {},
    root,
  );
}
