import { DAY_MS, HOUR_MS, MINUTE_MS } from "../units.ts";

/** What stretch of the past is asked for. */
export const RANGES = ["24h", "30d", "1y"] as const;
export type Range = (typeof RANGES)[number];

/** A grain in which the past is kept, and for how long. */
export interface Tier {
  readonly range: Range;
  readonly bucketMs: number;
  readonly keptMs: number;
}

/** What is kept on flash: 97, 361 and 367 buckets, the one that fills included. */
export const TIERS: readonly Tier[] = [
  { range: "24h", bucketMs: 15 * MINUTE_MS, keptMs: DAY_MS },
  { range: "30d", bucketMs: 2 * HOUR_MS, keptMs: 30 * DAY_MS },
  { range: "1y", bucketMs: DAY_MS, keptMs: 366 * DAY_MS },
];

/** In memory alone: the last day by the minute. */
export const MINUTES: Tier = { range: "24h", bucketMs: MINUTE_MS, keptMs: DAY_MS };

export function lengthOf({ bucketMs, keptMs }: Tier): number {
  return Math.ceil(keptMs / bucketMs) + 1;
}
