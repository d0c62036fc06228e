import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Administration, Begun } from "../../services/admin/administration.ts";
import { SCOPES } from "./access.ts";
import { administratorAt } from "./caller.ts";
import {
  type Claim,
  ClaimSchema,
  type Login,
  LoginSchema,
  type SessionAnswer,
  SessionSchema,
} from "./session-schemas.ts";

/** The prefix lets browsers take it over HTTPS alone, and from this host alone. */
export const SESSION_COOKIE = "__Host-kms-box";
const COOKIE: CookieSerializeOptions = {
  path: "/",
  secure: true,
  httpOnly: true,
  sameSite: "strict",
};

const response = { 200: SessionSchema };

/** How a browser comes by a session and gives it back; over HTTPS alone, for it is a cookie. */
export function addSessionRoutes(app: FastifyInstance, administration: Administration): void {
  const begin = (reply: FastifyReply, { id, session }: Begun): SessionAnswer => {
    reply.setCookie(SESSION_COOKIE, id, COOKIE);
    return {
      claimed: true,
      loggedIn: true,
      csrfToken: session.csrfToken,
      caller: "administrator",
      scopes: [...SCOPES],
    };
  };
  app.get(
    "/api/v1/session",
    { config: { scope: "status", open: true }, schema: { response } },
    ({ caller }): SessionAnswer => ({
      claimed: administration.isClaimed,
      loggedIn: caller.session !== undefined,
      csrfToken: caller.session?.csrfToken ?? null,
      caller: caller.kind === "nobody" ? null : caller.name,
      scopes: [...caller.scopes],
    }),
  );
  app.post<{ Body: Login }>(
    "/api/v1/session",
    {
      config: { scope: "status", open: true, act: "log-in" },
      schema: { body: LoginSchema, response },
    },
    async (request, reply) => {
      const { body, caller } = request;
      const begun = await administration.login(body.password, caller.source);
      request.caller = administratorAt(caller.source);
      // What the browser had before is of no use to anybody any more.
      if (caller.session) administration.sessions.end(caller.session.id);
      return begin(reply, begun);
    },
  );
  app.post<{ Body: Claim }>(
    "/api/v1/claim",
    {
      config: { scope: "status", open: true, act: "claim" },
      schema: { body: ClaimSchema, response },
    },
    async (request, reply) => {
      const { body, caller } = request;
      const begun = await administration.claim(body.code, body.password, caller.source);
      request.caller = administratorAt(caller.source);
      return begin(reply, begun);
    },
  );
  app.delete(
    "/api/v1/session",
    { config: { scope: "status", act: "log-out" } },
    ({ caller }, reply) => {
      if (caller.session) administration.sessions.end(caller.session.id);
      reply.clearCookie(SESSION_COOKIE, COOKIE);
      return {};
    },
  );
}
