import type { FastifyInstance } from "fastify";
import { SECOND_MS } from "../../domain/units.ts";
import type { ClockReading } from "../../ports/clock.ts";
import { type ClockDesk, ClockImplausibleError } from "../../services/clock-desk.ts";
import type { ClockState } from "../../services/host-clock.ts";
import {
  type ClockAnswer,
  ClockSchema,
  type ClockSetBody,
  ClockSetSchema,
  type ClockTrustBody,
  ClockTrustSchema,
} from "./clock-schemas.ts";

/** Shows the administrator what the clock is trusted by, and takes their word for it. */
export function addClockRoutes(
  app: FastifyInstance,
  desk: Pick<ClockDesk, "state" | "trust" | "set">,
): void {
  const response = { 200: ClockSchema };
  app.get("/api/v1/clock", { config: { scope: "status" }, schema: { response } }, () =>
    clockAnswer(desk.state()),
  );
  app.post<{ Body: ClockTrustBody }>(
    "/api/v1/clock/trust",
    {
      config: { scope: "manage", act: "trust-clock" },
      schema: { body: ClockTrustSchema, response },
    },
    async ({ body }) => clockAnswer(await desk.trust(body.yes)),
  );
  app.post<{ Body: ClockSetBody }>(
    "/api/v1/clock/set",
    { config: { scope: "manage", act: "set-clock" }, schema: { body: ClockSetSchema, response } },
    async ({ body: { time, yes } }) => clockAnswer(await desk.set(timeOf(time), yes)),
  );
}

/** The form of the text is right, but there is no 30 February. */
function timeOf(text: string): number {
  const timeMs = Date.parse(text);
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new ClockImplausibleError(`There is no such time as ${text}. Set another.`);
}

function clockAnswer(state: ClockState): ClockAnswer {
  const { time, wallMs, verdict, markMs, expectedMs, readings, lastStep } = state;
  const confirmedInMs = verdict.kind === "ahead" ? verdict.confirmedInMs : null;
  return {
    time: text(wallMs),
    trusted: time.trusted,
    verdict: verdict.kind,
    detail: time.trusted ? time.source : time.reason,
    mark: markMs > 0 ? text(markMs) : null,
    expected: expectedMs === null ? null : text(expectedMs),
    confirmed: confirmedInMs === null ? null : text(wallMs + confirmedInMs),
    lastStep: lastStep && {
      from: text(lastStep.fromMs),
      to: text(lastStep.toMs),
      seconds: Math.round((lastStep.toMs - lastStep.fromMs) / SECOND_MS),
    },
    sources: readings.map(sourceAnswer),
  };
}

function sourceAnswer({ name, authority, trusted, detail, ageMs }: ClockReading) {
  const ageSeconds = ageMs === null ? null : Math.floor(ageMs / SECOND_MS);
  return { name, authority, trusted, detail, ageSeconds };
}

function text(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
