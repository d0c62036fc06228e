import type { FastifyInstance } from "fastify";
import { NodeProcessProbe } from "./adapters/metrics/node-process-probe.ts";
import { PromExposition } from "./adapters/metrics/prom-exposition.ts";
import type { MetricsExposition } from "./ports/metrics.ts";
import { BoxMetrics, type BoxMetricsParts } from "./services/metrics/box-metrics.ts";
import { VERSION } from "./version.ts";
import { addMetricsRoute } from "./web/status/metrics-route.ts";

export type MetricsWiring = Omit<BoxMetricsParts, "process" | "version">;

/** What Prometheus is told; nothing is gathered before somebody asks. */
export function composeMetrics(wiring: MetricsWiring): MetricsExposition {
  const metrics = new BoxMetrics({ ...wiring, process: new NodeProcessProbe(), version: VERSION });
  return new PromExposition({
    read: () => metrics.read(),
    monotonicMs: () => performance.now(),
  });
}

/** Adds `/metrics` to a server. */
export function composeMetricsRoute(wiring: MetricsWiring): (app: FastifyInstance) => void {
  const metrics = composeMetrics(wiring);
  return (app) => addMetricsRoute(app, metrics);
}
