import type { FastifyInstance } from "fastify";
import { KmsError } from "../../domain/errors.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { AlertService } from "../../services/alerts/alert-service.ts";
import type { TestResult } from "../../services/alerts/test-targets.ts";
import {
  type AlertsAnswer,
  AlertsAnswerSchema,
  type AlertsTest,
  AlertsTestSchema,
} from "./alert-schemas.ts";

export type AlertParts = Pick<AlertService, "raised" | "queued" | "targets" | "test">;

/** The box has only begun to serve. */
class AlertsStartingError extends KmsError {
  readonly code = "alerts-starting";
}

/** Shows what is wrong and who is told of it, and tries whether they can be told. */
export function addAlertRoutes(app: FastifyInstance, alerts: () => AlertParts | undefined): void {
  const existing = () => {
    const parts = alerts();
    if (parts) return parts;
    throw new AlertsStartingError("Alerts begin a moment after the box: ask again in a second.");
  };
  app.get(
    "/api/v1/alerts",
    { config: { scope: "clients" }, schema: { response: { 200: AlertsAnswerSchema } } },
    () => alertsAnswer(existing()),
  );
  app.post(
    "/api/v1/alerts/test",
    {
      config: { scope: "manage", act: "test-alerts" },
      schema: { response: { 200: AlertsTestSchema } },
    },
    async (): Promise<AlertsTest> => ({ targets: (await existing().test()).map(testAnswer) }),
  );
}

function alertsAnswer({ raised, queued, targets }: AlertParts): AlertsAnswer {
  return {
    raised: raised.map(({ key, kind, severity, sinceMs, toldMs, sentence, remedy }) => ({
      key,
      kind,
      severity,
      since: new Date(sinceMs).toISOString(),
      told: new Date(toldMs).toISOString(),
      sentence,
      remedy,
    })),
    queued,
    targets: targets.map(({ target, waiting, failure, retryInMs }) => ({
      target: target.label,
      kind: target.kind,
      waiting,
      code: failure?.code ?? null,
      reason: failure?.message ?? null,
      retrySeconds: Math.ceil(retryInMs / SECOND_MS),
    })),
  };
}

function testAnswer({ target, said, failure, tookMs }: TestResult) {
  return {
    target: target.label,
    kind: target.kind,
    taken: failure === null,
    said,
    code: failure?.code ?? null,
    reason: failure?.message ?? null,
    tookMs,
  };
}
