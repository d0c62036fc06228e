/**
 * What a caller of the API may do. Whoever may open the box's socket, and the administrator who has
 * logged in, may do all of it; a token as much as it was made for.
 *
 * `status`: what the public page shows too. `clients`: machines' names, CMIDs and what happened.
 * `manage`: licences, clients, DNS, clock and settings. `system`: restart, power off, factory reset,
 * backup and restore. `administration`: password, tokens and the audit log.
 */
export const SCOPES = ["status", "clients", "manage", "system", "administration"] as const;
export type Scope = (typeof SCOPES)[number];

/** What every route of the API says of itself. */
export interface RouteAccess {
  readonly scope: Scope;
  /** What the audit log calls it: named by each route that changes or hands out something. */
  readonly act?: string;
  /** For the box's own programs alone, over the socket. */
  readonly local?: boolean;
  /** Asks for no credentials: it is how they are come by. */
  readonly open?: boolean;
  /** Its body is a file, which may take its time. */
  readonly file?: boolean;
}

declare module "fastify" {
  interface FastifyContextConfig extends Partial<RouteAccess> {}
}
