import type { Metric, Registry } from "prom-client";
import { SECOND_MS } from "../../domain/units.ts";
import type { MetricFamily, MetricsExposition } from "../../ports/metrics.ts";

/** Whoever asks more often gets what was told last: asking must not be a way to keep the box busy. */
const KEPT_MS = SECOND_MS;

export interface PromExpositionParts {
  /** Gathers everything anew. */
  readonly read: () => Promise<readonly MetricFamily[]>;
  readonly monotonicMs: () => number;
}

/** The text format of Prometheus 0.0.4, by prom-client, which is loaded when it is first asked for. */
export class PromExposition implements MetricsExposition {
  readonly contentType = "text/plain; version=0.0.4; charset=utf-8";
  readonly #parts: PromExpositionParts;
  #told: { readonly text: Promise<string>; readonly atMs: number } | undefined;

  constructor(parts: PromExpositionParts) {
    this.#parts = parts;
  }

  text(): Promise<string> {
    const nowMs = this.#parts.monotonicMs();
    if (this.#told && nowMs - this.#told.atMs < KEPT_MS) return this.#told.text;
    const text = this.#text();
    this.#told = { text, atMs: nowMs };
    text.catch(() => {
      this.#told = undefined;
    });
    return text;
  }

  async #text(): Promise<string> {
    // Bundled it has no names of its own, as it is no ES module.
    const { default: prom } = await import("prom-client");
    const registry = new prom.Registry();
    for (const family of await this.#parts.read()) {
      if (family.type === "histogram") register(registry, family);
      else fill(prom, registry, family);
    }
    return registry.metrics();
  }
}

type Plain = Exclude<MetricFamily, { type: "histogram" }>;
type Histogram = Extract<MetricFamily, { type: "histogram" }>;

function fill(
  prom: typeof import("prom-client"),
  registry: Registry,
  { name, help, type, samples }: Plain,
): void {
  const labelNames = Object.keys(samples[0]?.labels ?? {});
  const settings = { name, help, labelNames, registers: [registry] };
  if (type === "counter") {
    const counter = new prom.Counter(settings);
    for (const { labels, value } of samples) counter.inc(labels, value);
  } else {
    const gauge = new prom.Gauge(settings);
    // Without labels prom-client tells 0 where nothing was set, which would be a value.
    if (samples.length === 0) registry.removeSingleMetric(name);
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
}

/** prom-client's own histogram can only observe, one by one; this was counted before it was loaded. */
function register(registry: Registry, { name, help, durations }: Histogram): void {
  const { bounds, atMost, count, sumSeconds } = durations;
  const values = [
    ...bounds.map((le, place) => bucket(name, le, atMost[place] ?? 0)),
    bucket(name, "+Inf", count),
    { labels: {}, value: sumSeconds, metricName: `${name}_sum` },
    { labels: {}, value: count, metricName: `${name}_count` },
  ];
  const metric = { name, help, type: "histogram", aggregator: "sum" };
  registry.registerMetric({
    ...metric,
    get: async () => ({ ...metric, values }),
  } as never as Metric);
}

function bucket(name: string, le: number | "+Inf", value: number) {
  return { labels: { le: String(le) }, value, metricName: `${name}_bucket` };
}
