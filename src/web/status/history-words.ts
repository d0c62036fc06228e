import type { HistoryPart } from "../../domain/history/history.ts";
import type { Range } from "../../domain/history/tiers.ts";
import { spanText } from "./phrases.ts";

export const RANGE_NAMES: Readonly<Record<Range, { tab: string; title: string }>> = {
  "24h": { tab: "24 hours", title: "the last 24 hours" },
  "30d": { tab: "30 days", title: "the last 30 days" },
  "1y": { tab: "1 year", title: "the last year" },
};

/** A chart for who cannot see it. */
export function historyWords(parts: readonly HistoryPart[], range: Range): string {
  const { title } = RANGE_NAMES[range];
  const buckets = parts.flatMap((part) => part.buckets);
  if (buckets.length === 0) return `nothing is known yet of ${title}`;
  const least = Math.min(...buckets.map((bucket) => bucket.least));
  const most = Math.max(...buckets.map((bucket) => bucket.most));
  const counts = least === most ? `always ${least}` : `between ${least} and ${most}`;
  return `${counts} in ${title}, ${activationWords(parts)}`;
}

/** As fine as the buckets: one in which it was not activated at some moment counts whole. */
function activationWords(parts: readonly HistoryPart[]): string {
  const [activeMs, idleMs] = [true, false].map((state) =>
    parts.reduce((sum, { bucketMs, buckets }) => {
      const alike = buckets.filter(({ activating }) => activating === state);
      return sum + alike.length * bucketMs;
    }, 0),
  ) as [number, number];
  if (idleMs === 0) return "activated all the time";
  if (activeMs === 0) return "not activated at any time";
  return `activated for ${spanText(activeMs)}, not for ${spanText(idleMs)}`;
}
