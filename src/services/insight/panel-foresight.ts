import { DAY_MS } from "../../domain/units.ts";
import type { PanelFault } from "../../panel/facts.ts";
import { WARN_AHEAD_MS } from "./insight-news.ts";
import type { InsightSummary } from "./insight-service.ts";

/** What the panel says of what is foreseen: nothing but what somebody should act upon now. */
export function foresightFaults(summary: InsightSummary | undefined, nowMs: number): PanelFault[] {
  if (!summary) return [];
  const falls = summary.products
    .flatMap(({ fallsBelowMs, threshold }) =>
      fallsBelowMs === null ? [] : [{ leftMs: fallsBelowMs - nowMs, threshold }],
    )
    .filter(({ leftMs }) => leftMs > 0 && leftMs <= WARN_AHEAD_MS)
    .toSorted((a, b) => a.leftMs - b.leftMs);
  const [first] = falls;
  const faults: PanelFault[] = [];
  if (first) {
    const days = Math.ceil(first.leftMs / DAY_MS);
    const when = days === 1 ? "within a day" : `in ${days} days`;
    const nextStep = `below ${first.threshold} ${when}: see kms-box forecast`;
    faults.push({ level: "attention", code: "forecast-low", title: "COUNT FALLS", nextStep });
  }
  if (summary.clones > 0) {
    const which = summary.clones === 1 ? "a CMID" : `${summary.clones} CMIDs`;
    const nextStep = `several machines share ${which}: see kms-box clones`;
    faults.push({ level: "attention", code: "clones", title: "CLONES", nextStep });
  }
  return faults;
}
