import type { FastifyInstance } from "fastify";
import type { LoggedEvent } from "../../domain/events.ts";
import {
  type EventPage,
  EventPageSchema,
  type EventQuery,
  EventQuerySchema,
  type Status,
  StatusSchema,
} from "./schemas.ts";

export interface StatusParts {
  readonly status: () => Status;
  readonly recentEvents: (after: number) => LoggedEvent[];
}

/** How the box stands, and what it noticed. */
export function addStatusRoutes(app: FastifyInstance, { status, recentEvents }: StatusParts): void {
  app.get(
    "/api/v1/status",
    { config: { scope: "status" }, schema: { response: { 200: StatusSchema } } },
    () => status(),
  );
  app.get<{ Querystring: EventQuery }>(
    "/api/v1/events",
    {
      config: { scope: "clients" },
      schema: { querystring: EventQuerySchema, response: { 200: EventPageSchema } },
    },
    ({ query }): EventPage => ({
      events: recentEvents(query.after)
        .filter(({ name }) => query.name === undefined || name === query.name)
        .map(({ timeMs, ...event }) => ({ ...event, time: new Date(timeMs).toISOString() })),
    }),
  );
}
