import { ALERT_KIND_NAMES } from "../../domain/alerts/alert.ts";
import type { MetricFamily } from "../../ports/metrics.ts";
import { gauge, gauges, sample } from "../metrics/family.ts";
import type { AlertService } from "./alert-service.ts";

/** How many alerts stand and wait; nothing before they have begun. */
export function alertFamilies(
  alerts: Pick<AlertService, "raised" | "queued"> | undefined,
): MetricFamily[] {
  if (!alerts) return [];
  const { raised, queued } = alerts;
  const counts = ALERT_KIND_NAMES.map((kind) =>
    sample({ kind }, raised.filter((each) => each.kind === kind).length),
  );
  return [
    gauges("kms_box_alerts_raised", "Alerts of a kind that stand.", counts),
    gauge("kms_box_alerts_waiting", "Alerts that some target has not got yet.", queued),
  ];
}
