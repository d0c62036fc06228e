import type { MetricFamily, MetricSample } from "../../ports/metrics.ts";

type Labels = Readonly<Record<string, string>>;

/** One value without labels; none if it is not known. */
export function gauge(name: string, help: string, value: number | null | undefined): MetricFamily {
  const known = value !== null && value !== undefined;
  return { name, help, type: "gauge", samples: known ? [sample({}, value)] : [] };
}

/** One value for each of a number of things. */
export function gauges(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, help, type: "gauge", samples };
}

export function counter(
  name: string,
  help: string,
  samples: readonly MetricSample[],
): MetricFamily {
  return { name, help, type: "counter", samples };
}

export function sample(labels: Labels, value: number): MetricSample {
  return { labels, value };
}

/** 1 for yes, as Prometheus has no truth. */
export function flag(value: boolean): number {
  return value ? 1 : 0;
}
