import type { FastifyServerOptions } from "fastify";
import { plainWords } from "../protocol/plain-words.ts";
import { Compile, Convert, Default, type TSchema } from "../protocol/typebox.ts";

/**
 * Lets fastify check and write by TypeBox, which checks the protocol as well: the compilers that it
 * has of its own take more memory than all the records of an office.
 *
 * fastify's type for these is that of its own compilers, which return more than it uses.
 */
export const TYPEBOX_COMPILERS = {
  compilersFactory: {
    buildValidator: () => (route: { schema: TSchema }) => validatorOf(route.schema),
    buildSerializer: () => () => JSON.stringify,
  },
} as unknown as NonNullable<FastifyServerOptions["schemaController"]>;

/** Text of a query string becomes the number or truth value that its schema asks for. */
function validatorOf(schema: TSchema) {
  const compiled = Compile(schema);
  return (data: unknown) => {
    const value = Convert(schema, Default(schema, data));
    if (compiled.Check(value)) return { value };
    // What is not known here is told twice, first in words that help nobody.
    const fault = compiled.Errors(value).find(({ keyword }) => keyword !== "boolean");
    const where = fault?.instancePath.slice(1).replaceAll("/", ".") ?? "";
    const words = fault ? plainWords(fault, schema) : "is not of its schema";
    return { error: new Error(`${where} ${words}`.trim()) };
  };
}
