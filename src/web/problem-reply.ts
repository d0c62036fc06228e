import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
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

/** Statuses that HTTP has for faults below it and this protocol has no name for. */
const BELOW_HTTP: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is no HTTP request, or was none in time, so that there is nothing to reply to. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = BELOW_HTTP[error.code ?? ""];
  const document =
    status === undefined
      ? problemDocument("malformed-request", { detail: "This is not an HTTP/1.1 request." })
      : { type: "about:blank", title: STATUS_CODES[status], status };
  const body = JSON.stringify(document);
  socket.write(
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}\r\n` +
      `Content-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${body.length}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
