import type { FastifyRequest } from "fastify";
import { plainAddress } from "../../domain/source-address.ts";
import { bringsToken } from "../../services/admin/sessions.ts";
import { type RouteAccess, SCOPES } from "../api/access.ts";
import type { AdminParts } from "../api/admin-parts.ts";
import { ApiRefusal } from "../api/answer-error.ts";
import type { Caller } from "../api/caller.ts";
import { SESSION_COOKIE } from "../api/session-routes.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const BEARER = /^Bearer +([\w-]{1,256})$/i;

type GateParts = Pick<AdminParts, "administration" | "tokens">;

/** Finds out who asks, and whether the route is for them. */
export class Gate {
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** By a token where one was brought, else by the cookie. */
  callerOf({ headers, cookies, ip }: FastifyRequest): Caller {
    const source = plainAddress(ip);
    if (headers.authorization !== undefined) {
      const [, secret = ""] = BEARER.exec(headers.authorization) ?? [];
      const token = this.#parts.tokens.use(secret);
      if (!token) return { ...NOBODY, source };
      return { kind: "token", name: `token ${token.name}`, scopes: token.scopes, source };
    }
    const id = cookies[SESSION_COOKIE];
    const session = id === undefined ? undefined : this.#parts.administration.sessions.use(id);
    if (id === undefined || !session) return { ...NOBODY, source };
    const { csrfToken } = session;
    const administrator = { kind: "administrator", name: "administrator" } as const;
    return { ...administrator, scopes: SCOPES, source, session: { id, csrfToken } };
  }

  /** @throws {ApiRefusal} */
  admit(request: FastifyRequest, { scope, local, open }: Partial<RouteAccess>): void {
    const { caller } = request;
    if (local) throw new ApiRefusal("local-only", "This is for the box's own commands alone.");
    requireOwnOrigin(request);
    if (!open && caller.kind === "nobody") {
      throw new ApiRefusal("unauthorised", "Log in first, or send an API token that is valid.");
    }
    if (!open && (scope === undefined || !caller.scopes.includes(scope))) {
      throw new ApiRefusal("forbidden", `This token is not for "${scope}". Make one that is.`);
    }
    if (!open) requireCsrfToken(request);
  }
}

const NOBODY = { kind: "nobody", name: "nobody", scopes: [] } as const;

/** Browsers say of themselves which page asks (Fetch, section 3.2; Fetch Metadata). */
function requireOwnOrigin({ method, headers, host }: FastifyRequest): void {
  if (SAFE_METHODS.has(method)) return;
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  const isOwn =
    (origin === undefined || origin === `https://${host}`) &&
    (site === undefined || site === "same-origin" || site === "none");
  if (isOwn) return;
  throw new ApiRefusal("foreign-origin", "Another page asked for this. Nothing was done.");
}

/** Whoever brings a token has no cookie that a browser adds by itself. */
function requireCsrfToken({ method, headers, caller }: FastifyRequest): void {
  const { session } = caller;
  if (SAFE_METHODS.has(method) || session === undefined) return;
  const brought = headers["x-csrf-token"];
  if (typeof brought === "string" && bringsToken(session, brought)) return;
  throw new ApiRefusal(
    "csrf-refused",
    "The request does not bring the session's token. Load the page again.",
  );
}
