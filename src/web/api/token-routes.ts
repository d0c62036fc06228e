import type { FastifyInstance } from "fastify";
import type { ApiToken, ApiTokens } from "../../services/admin/tokens.ts";
import type { Scope } from "./access.ts";
import {
  type NewTokenBody,
  NewTokenSchema,
  type TokenAnswer,
  type TokenId,
  TokenIdSchema,
  TokenListSchema,
  TokenMadeSchema,
  TokenSchema,
} from "./token-schemas.ts";

/** Tokens for programs: made, listed and revoked. */
export function addTokenRoutes(app: FastifyInstance, tokens: ApiTokens<Scope>): void {
  app.get(
    "/api/v1/tokens",
    { config: { scope: "administration" }, schema: { response: { 200: TokenListSchema } } },
    () => ({ tokens: tokens.all.map(tokenAnswer) }),
  );
  app.post<{ Body: NewTokenBody }>(
    "/api/v1/tokens",
    {
      config: { scope: "administration", act: "make-token" },
      schema: { body: NewTokenSchema, response: { 200: TokenMadeSchema } },
    },
    async ({ body, caller }, reply) => {
      const { token, secret } = await tokens.create(body, caller.name);
      reply.actTarget = token.name;
      return { ...tokenAnswer(token), token: secret };
    },
  );
  app.delete<{ Params: TokenId }>(
    "/api/v1/tokens/:id",
    {
      config: { scope: "administration", act: "revoke-token" },
      schema: { params: TokenIdSchema, response: { 200: TokenSchema } },
    },
    async ({ params, caller }, reply) => {
      const token = await tokens.revoke(params.id, caller.name);
      reply.actTarget = token.name;
      return tokenAnswer(token);
    },
  );
}

function tokenAnswer({ id, name, scopes, ...times }: ApiToken<Scope>): TokenAnswer {
  const text = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    id,
    name,
    scopes: [...scopes],
    created: new Date(times.createdMs).toISOString(),
    expires: text(times.expiresMs),
    lastUsed: text(times.lastUsedMs),
  };
}
