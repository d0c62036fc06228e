import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { KmsError } from "../../domain/errors.ts";

/** The request was refused before anything was done; the message says why. */
export class ApiRefusal extends KmsError {
  readonly code: string;

  constructor(code: keyof typeof STATUSES, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the box throws on purpose says why it cannot do this now: 409, unless HTTP has a better name. */
const STATUSES = {
  unauthorised: 401,
  "csrf-refused": 403,
  "foreign-origin": 403,
  forbidden: 403,
  "local-only": 403,
  "wrong-password": 403,
  "wrong-code": 403,
  "not-found": 404,
  "too-many-tries": 429,
  "too-many-requests": 429,
  busy: 503,
} as const;
const CONFLICT = 409;
const BUSY_SECONDS = 2;
const UNFORESEEN = "The box could not do this. Its log says why: journalctl -u kms-box.";

/** Every error of the API: `{error: {code, message}}`. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const { message } = error;
  // Only fastify's and the box's own errors have one.
  const code: string | undefined = error.code;
  const known = error instanceof KmsError;
  const status = known
    ? (STATUSES[code as keyof typeof STATUSES] ?? CONFLICT)
    : (error.statusCode ?? 500);
  reply.refusal = code;
  const seconds = "retryAfterSeconds" in error ? error.retryAfterSeconds : BUSY_SECONDS;
  if (status === 429 || status === 503) reply.header("retry-after", String(seconds));
  if (status === 401) reply.header("www-authenticate", 'Bearer realm="kms-box"');
  if (status < 500 || known) {
    return reply.code(status).send({ error: { code: code ?? "internal-error", message } });
  }
  request.log.error({ err: error }, "A request failed unexpectedly.");
  // What was not foreseen may name files and machines: that is for who may read them anyway.
  const told = request.caller?.kind === "command-line" ? message : UNFORESEEN;
  return reply.code(status).send({ error: { code: "internal-error", message: told } });
}
