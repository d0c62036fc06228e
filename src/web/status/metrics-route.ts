import type { FastifyInstance } from "fastify";
import type { MetricsExposition } from "../../ports/metrics.ts";

/** `GET /metrics` for Prometheus: figures alone, no machine's name and no CMID. */
export function addMetricsRoute(app: FastifyInstance, metrics: MetricsExposition): void {
  app.get(
    "/metrics",
    { schema: { hide: true } as object, config: { scope: "status" } },
    async (_request, reply) => {
      const text = await metrics.text();
      return reply.header("cache-control", "no-store").type(metrics.contentType).send(text);
    },
  );
}
