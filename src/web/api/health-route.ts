import type { FastifyInstance } from "fastify";
import { DAY_MS, SECOND_MS } from "../../domain/units.ts";
import type { HealthReport, HealthService } from "../../services/health/health-service.ts";
import {
  type HealthAnswer,
  type HealthQuery,
  HealthQuerySchema,
  HealthSchema,
} from "./health-schemas.ts";

/** Shows the administrator how the machine is. */
export function addHealthRoute(app: FastifyInstance, health: Pick<HealthService, "examine">): void {
  app.get<{ Querystring: HealthQuery }>(
    "/api/v1/health",
    {
      config: { scope: "status" },
      schema: { querystring: HealthQuerySchema, response: { 200: HealthSchema } },
    },
    async ({ query }) => healthAnswer(await health.examine(query.enduranceTerabytes)),
  );
}

function healthAnswer({ diagnosis, facts, wear }: HealthReport): HealthAnswer {
  const { device, fileSystem, errors } = facts.storage;
  const { result, summary, findings } = diagnosis;
  return {
    result,
    summary,
    findings: findings.map((finding) => ({ ...finding })),
    flash: {
      device,
      fileSystem,
      sinceBootBytes: wear.sinceBootBytes,
      sinceBootBytesPerDay: rounded(wear.sinceBootDaily),
      sinceInstallBytes: wear.sinceInstallBytes,
      sinceInstallBytesPerDay: rounded(wear.sinceInstallDaily),
      lifetimeBytes: wear.lifetimeBytes,
      enduranceBytes: wear.enduranceBytes,
      leftDays: wear.leftMs === null ? null : Math.floor(wear.leftMs / DAY_MS),
      errors,
      freeBytes: facts.freeBytes,
    },
    lowVoltage: facts.lowVoltage,
    temperatureCelsius: rounded(facts.temperatureCelsius),
    uptimeSeconds: Math.floor(facts.uptimeMs / SECOND_MS),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
