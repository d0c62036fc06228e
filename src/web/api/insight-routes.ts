import type { FastifyInstance } from "fastify";
import { KmsError } from "../../domain/errors.ts";
import type { Clone } from "../../domain/insight/clones.ts";
import type { InsightService } from "../../services/insight/insight-service.ts";
import { calendarCsv } from "./calendar-csv.ts";
import { forecastAnswer } from "./forecast-answer.ts";
import {
  type CalendarAnswer,
  type CalendarQuery,
  CalendarQuerySchema,
  type ClonesAnswer,
  ClonesSchema,
  type ExplainQuery,
  ExplainQuerySchema,
  ExplainSchema,
  type ForecastQuery,
  ForecastQuerySchema,
  ForecastSchema,
} from "./insight-schemas.ts";

/** Names that may be given at once: each costs a look at every machine's. */
const MOST_NAMES = 100;

/** Machines that are to be retired are not known, or too many. */
class MachinesUnknownError extends KmsError {
  readonly code = "machines-unknown";
}

export type Insight = Pick<InsightService, "forecast" | "explain" | "clones" | "calendar">;

/** What the box foresees, and why a machine is activated or not. Reads only. */
export function addInsightRoutes(app: FastifyInstance, insight: Insight): void {
  const config = { scope: "clients" } as const;
  app.get<{ Querystring: ForecastQuery }>(
    "/api/v1/forecast",
    { config, schema: { querystring: ForecastQuerySchema, response: { 200: ForecastSchema } } },
    async ({ query }) => {
      const without = namesOf(query.without);
      const nobodyReturns = query.ifNobodyReturns;
      const told = await insight.forecast({ nobodyReturns, without });
      const unknown = without.filter((name) => !told.without.get(name)?.length);
      if (unknown.length > 0) throw unknownMachines(unknown);
      return forecastAnswer(told);
    },
  );
  app.get<{ Querystring: ExplainQuery }>(
    "/api/v1/explain",
    { config, schema: { querystring: ExplainQuerySchema, response: { 200: ExplainSchema } } },
    async ({ query: { machine, product } }) => ({
      machine,
      explanations: await insight.explain(machine, product),
    }),
  );
  app.get(
    "/api/v1/clones",
    { config, schema: { response: { 200: ClonesSchema } } },
    (): ClonesAnswer => ({ clones: insight.clones().map(cloneAnswer) }),
  );
  addCalendarRoute(app, insight);
}

function addCalendarRoute(app: FastifyInstance, insight: Insight): void {
  app.get<{ Querystring: CalendarQuery }>(
    "/api/v1/calendar",
    { config: { scope: "clients" }, schema: { querystring: CalendarQuerySchema } },
    async ({ query: { format } }, reply) => {
      const { lapses, total, nowMs } = await insight.calendar();
      if (format === "json") return { total, lapses: lapses.map(lapseAnswer) };
      reply.header("content-disposition", `attachment; filename="kms-box-calendar.${format}"`);
      if (format === "csv") return reply.type("text/csv; charset=utf-8").send(calendarCsv(lapses));
      const { calendarIcs } = await import("./calendar-ics.ts");
      return reply.type("text/calendar; charset=utf-8").send(calendarIcs(lapses, nowMs));
    },
  );
}

function namesOf(without: string | undefined): string[] {
  const names = (without ?? "").split(",").map((name) => name.trim());
  const given = [...new Set(names.filter((name) => name !== ""))];
  if (without !== undefined && given.length === 0) {
    throw new MachinesUnknownError(
      "Name the machines that are to be retired, with commas between.",
    );
  }
  if (given.length <= MOST_NAMES) return given;
  throw new MachinesUnknownError(
    `${given.length} machines are too many: name at most ${MOST_NAMES} at once.`,
  );
}

function unknownMachines(names: readonly string[]): MachinesUnknownError {
  return new MachinesUnknownError(
    `No machine that counts is called ${names.join(", ")}. See "kms-box clients" for their names.`,
  );
}

function cloneAnswer({ cmid, evidence, active, machines }: Clone): ClonesAnswer["clones"][number] {
  const names = [...new Set(machines.map(({ hostname }) => hostname))].join(", ");
  return {
    cmid,
    evidence,
    active,
    uncounted: machines.length - 1,
    machines: machines.map(({ hostname, fingerprint, firstMs, lastMs, returns }) => ({
      ...{ hostname, fingerprint, returns },
      firstSeen: iso(firstMs),
      lastSeen: iso(lastMs),
    })),
    remedy: `Run "kms-client rearm" on all but one of ${names}, and before an image is made of a machine.`,
  };
}

function lapseAnswer(
  lapse: Awaited<ReturnType<Insight["calendar"]>>["lapses"][number],
): CalendarAnswer["lapses"][number] {
  const { cmid, hostname, product, lastContactMs, leaseExpiresMs, counts } = lapse;
  const times = { lastContact: iso(lastContactMs), lapses: iso(leaseExpiresMs) };
  return { cmid, hostname, product, ...times, counts };
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
