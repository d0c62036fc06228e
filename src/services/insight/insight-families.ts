import { SECOND_MS } from "../../domain/units.ts";
import type { MetricFamily, MetricSample } from "../../ports/metrics.ts";
import { gauge, gauges, sample } from "../metrics/family.ts";
import type { InsightSummary, ProductOutlook } from "./insight-service.ts";

/** What the box foresaw when it last looked; nothing before it has. */
export function insightFamilies(latest: InsightSummary | undefined): MetricFamily[] {
  if (!latest) return [];
  const { atMs, products, clones, overdue } = latest;
  const falls = products.flatMap(({ product, fallsBelowMs }): MetricSample[] =>
    fallsBelowMs === null ? [] : [sample({ product }, (fallsBelowMs - atMs) / SECOND_MS)],
  );
  const lowest = products.map(({ product, lowest: least }: ProductOutlook) =>
    sample({ product }, least),
  );
  return [
    gauges(
      "kms_box_forecast_lowest_cmids",
      "The smallest count expected within the retention if nobody new comes.",
      lowest,
    ),
    gauges(
      "kms_box_forecast_falls_in_seconds",
      "How long until the count is expected to fall below the threshold; absent if it is not.",
      falls,
    ),
    gauge("kms_box_clones", "CMIDs that several machines go on using.", clones),
    gauge("kms_box_overdue_machines", "Machines that were not heard of for too long.", overdue),
  ];
}
