import swagger, { type FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import fastify, { type FastifyInstance } from "fastify";
import { TYPEBOX_COMPILERS } from "./schema-compilers.ts";

/**
 * An OpenAPI document of routes, from a server that is made for this and never listens.
 *
 * @param add adds the routes; those that are for the box's own commands alone are left out
 */
export async function describeRoutes(
  frame: FastifyDynamicSwaggerOptions["openapi"],
  add: (app: FastifyInstance) => void,
): Promise<object> {
  const app = fastify({ schemaController: TYPEBOX_COMPILERS });
  await app.register(swagger, {
    openapi: { ...frame },
    transform: ({ schema, url, route }) => {
      const { scope, act, local = false, open = false } = route.config ?? {};
      const security = open ? [] : [{ token: [] }, { session: [] }];
      const marks = { "x-scope": scope, ...(act !== undefined && { "x-act": act }) };
      return { url, schema: { ...schema, ...marks, security, ...(local && { hide: true }) } };
    },
  });
  await app.register((scope, _options, done) => {
    add(scope);
    done();
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
