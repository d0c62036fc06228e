import type { FastifyInstance } from "fastify";
import { runsOf } from "../../domain/history/runs.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { HistoryReading, HistoryService } from "../../services/history/history-service.ts";
import {
  type HistoryAnswer,
  type HistoryQuery,
  HistoryQuerySchema,
  HistorySchema,
} from "./history-schemas.ts";

export type HistoryReader = Pick<HistoryService, "read">;

/** How the counts went. */
export function addHistoryRoutes(app: FastifyInstance, history: HistoryReader): void {
  app.get<{ Querystring: HistoryQuery }>(
    "/api/v1/history",
    {
      config: { scope: "status" },
      schema: { querystring: HistoryQuerySchema, response: { 200: HistorySchema } },
    },
    ({ query }) => historyAnswer(history.read(query.range)),
  );
}

export function historyAnswer({ range, nowMs, applications }: HistoryReading): HistoryAnswer {
  return {
    range,
    time: Math.floor(nowMs / SECOND_MS),
    applications: applications.map(({ application, products, parts }) => ({
      application,
      products: [...products],
      parts: parts.map(({ bucketMs, buckets }) => ({
        bucketSeconds: bucketMs / SECOND_MS,
        runs: runsOf(buckets, bucketMs).map((run) => [...run]),
      })),
    })),
  };
}
