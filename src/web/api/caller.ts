import { SCOPES, type Scope } from "./access.ts";

/** Who asks. */
export interface Caller {
  readonly kind: "nobody" | "command-line" | "administrator" | "token";
  /** As the audit log names it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Address, or the command line. */
  readonly source: string;
  /** Of a session in a browser. */
  readonly session?: { readonly id: string; readonly csrfToken: string };
}

/** Whoever opened the box's socket. */
export const COMMAND_LINE: Caller = {
  kind: "command-line",
  name: "command line",
  scopes: SCOPES,
  source: "socket",
};

/** Who has just shown that it is the administrator. */
export function administratorAt(source: string): Caller {
  return { kind: "administrator", name: "administrator", scopes: SCOPES, source };
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set for every request before anything else is done with it. */
    caller: Caller;
  }
  interface FastifyReply {
    /** What an act was done to, for the audit log. */
    actTarget: string | undefined;
    /** The code of what it was refused for. */
    refusal: string | undefined;
  }
}
