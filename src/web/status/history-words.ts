import type { Bucket } from "../../domain/history/bucket.ts";
import type { Range } from "../../domain/history/tiers.ts";

export const RANGE_NAMES: Readonly<Record<Range, { tab: string; title: string }>> = {
  "24h": { tab: "24 hours", title: "the last 24 hours" },
  "30d": { tab: "30 days", title: "the last 30 days" },
  "1y": { tab: "1 year", title: "the last year" },
};

/** A chart for who cannot see it. */
export function historyWords(buckets: readonly Bucket[], range: Range): string {
  const { title } = RANGE_NAMES[range];
  if (buckets.length === 0) return `nothing is known yet of ${title}`;
  const least = Math.min(...buckets.map((bucket) => bucket.least));
  const most = Math.max(...buckets.map((bucket) => bucket.most));
  const counts = least === most ? `always ${least}` : `between ${least} and ${most}`;
  const always = buckets.every(({ activating }) => activating);
  return `${counts} in ${title}, ${always ? "" : "not "}activated all the time`;
}
