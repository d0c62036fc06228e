import type { FastifyInstance } from "fastify";
import { plainAddress } from "../domain/source-address.ts";
import {
  ActivationAnswerSchema,
  HealthAnswerSchema,
  HostAnswerSchema,
  ProblemSchema,
} from "../protocol/api.ts";
import { PROBLEM_MEDIA_TYPE, PROBLEMS } from "../protocol/problems.ts";
import { REQUEST_MAX_BYTES } from "../protocol/request.ts";
import { Type } from "../protocol/typebox.ts";
import type { ActivationService } from "../services/activation.ts";
import type { HostReport } from "../services/host-report.ts";

export interface PublicServices {
  readonly activation: ActivationService;
  readonly report: HostReport;
}

/** The wire format's own addresses. */
export function activationRoutes(app: FastifyInstance, services: PublicServices): void {
  const { activation, report } = services;
  app.addContentTypeParser(
    "application/jose",
    { parseAs: "string", bodyLimit: REQUEST_MAX_BYTES },
    (_request, body, done) => done(null, body),
  );

  // What the body must be is checked when it is opened, in the service; here it is any text.
  const route = { schema: activationSchema, validatorCompiler: () => () => true };
  app.post("/v1/activations", route, (request) => {
    const body = typeof request.body === "string" ? request.body : "";
    return activation.activate(body, plainAddress(request.ip));
  });

  app.get("/v1/host", { schema: hostSchema }, () => report.host());

  app.get("/v1/health", { schema: healthSchema }, (_request, reply) => {
    const health = report.health();
    return reply.code(health.healthy ? 200 : 503).send(health);
  });
}

const RETRY_AFTER = {
  type: "integer",
  description: "Seconds to wait before the next request; absent where another would not help",
};
/** Statuses whose refusals say when to try again. */
const RETRYABLE = [409, 429, 503];

const activationSchema = {
  operationId: "activate",
  summary: "Ask for activation, or renew it",
  consumes: ["application/jose"],
  body: Type.String({
    description: "Compact JWS, typ kms-request+jwt, claims RequestClaims; at most 8192 bytes",
  }),
  response: { 200: ActivationAnswerSchema, ...refusals("POST") },
};

const hostSchema = {
  operationId: "describeHost",
  summary: "The host's key, licences, and counts per product",
  response: { 200: HostAnswerSchema, ...refusals("GET") },
};

const healthSchema = {
  operationId: "health",
  summary: "Whether the host can activate, or why not",
  response: { 200: HealthAnswerSchema, 503: HealthAnswerSchema, ...refusals("GET") },
};

/** One response for each status, naming the problems that come with it. */
function refusals(method: "GET" | "POST") {
  const names = new Map<number, string[]>();
  for (const [name, [status]] of Object.entries(PROBLEMS)) {
    if (method === "GET" && name !== "rate-limited" && name !== "internal-error") continue;
    names.set(status, [...(names.get(status) ?? []), name]);
  }
  return Object.fromEntries(
    [...names].map(([status, list]) => [
      status,
      {
        description: list.join(", "),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: ProblemSchema } },
        ...(RETRYABLE.includes(status) ? { headers: { "Retry-After": RETRY_AFTER } } : {}),
      },
    ]),
  );
}
