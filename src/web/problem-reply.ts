import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import {
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  type ProblemDetails,
  type ProblemName,
  problemDocument,
} from "../protocol/problems.ts";
import { RefusalError } from "../services/refusal.ts";

/** Names that the HTTP layer's own errors have in the wire format. */
const BY_STATUS: Record<number, ProblemName> = {
  404: "not-found",
  405: "method-not-allowed",
  413: "too-large",
  415: "unsupported-media-type",
};

/** Answers with an RFC 9457 document. */
export function sendProblem(reply: FastifyReply, name: ProblemName, details: ProblemDetails = {}) {
  if (details.retryAfterSeconds !== undefined) {
    reply.header("retry-after", String(Math.ceil(details.retryAfterSeconds)));
  }
  return reply
    .code(PROBLEMS[name][0])
    .header("content-type", PROBLEM_MEDIA_TYPE)
    .serializer(JSON.stringify)
    .send(problemDocument(name, details));
}

/** Every error of a route becomes a problem; what was not foreseen is logged whole. */
export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof RefusalError) return sendProblem(reply, error.code, error.details);
  const status = error.statusCode ?? 500;
  if (status < 500) {
    return sendProblem(reply, BY_STATUS[status] ?? "malformed-request", { detail: error.message });
  }
  request.log.error({ err: error }, "A request failed unexpectedly.");
  return sendProblem(reply, "internal-error");
}
