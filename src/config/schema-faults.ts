import { plainWords, type SchemaError } from "../protocol/plain-words.ts";

/** Members whose values are never repeated in a message; the URL of a webhook may be what opens it. */
const SECRET = /^(?:secret|token|tsigKey|url)$/;

/** What a schema finds wrong with a value, each as a clause that begins with the member's place. */
export function schemaFaults(
  errors: readonly SchemaError[],
  value: unknown,
  schema: object,
): string[] {
  return errors.flatMap((error) => {
    const keys = error.instancePath.split("/").slice(1);
    const path = keys.join(".");
    switch (error.keyword) {
      // Says again, member by member, what additionalProperties says once.
      case "boolean":
        return [];
      case "additionalProperties":
        return error.params.additionalProperties.map(
          (key) => `unknown option ${path === "" ? key : `${path}.${key}`}`,
        );
      case "enum":
        return `${path} ${plainWords(error, schema)}`;
      default: {
        const clause = `${path} ${plainWords(error, schema)}`.trim();
        const found = valueAt(value, keys);
        if (SECRET.test(keys.at(-1) ?? "") || mayHoldSecrets(error, found)) return clause;
        return `${clause}, but is ${JSON.stringify(found)}`;
      }
    }
  });
}

/** A whole part, or a text in the place of one, which may be one of its members. */
function mayHoldSecrets(error: SchemaError, found: unknown): boolean {
  if (typeof found === "object" && found !== null) return true;
  const isPart = error.keyword === "type" && /^(?:object|array)$/.test(String(error.params.type));
  return isPart && typeof found === "string";
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}
