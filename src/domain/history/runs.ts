import type { Bucket } from "./bucket.ts";

/** A bucket and when it begins, in milliseconds since 1970. */
export interface TimedBucket extends Bucket {
  readonly startMs: number;
}

/**
 * Buckets that follow each other and are alike: number of the first, counted in buckets since 1970, how
 * many, least, most and last count, and whether all was activated. A quiet year takes one.
 */
export type Run = readonly [
  first: number,
  times: number,
  least: number,
  most: number,
  last: number,
  activating: 0 | 1,
];

/** @param buckets oldest first */
export function runsOf(buckets: readonly TimedBucket[], bucketMs: number): Run[] {
  const runs: Run[] = [];
  for (const { startMs, least, most, last, activating } of buckets) {
    const place = startMs / bucketMs;
    const next: Run = [place, 1, least, most, last, activating ? 1 : 0];
    const before = runs.at(-1);
    if (before && follows(before, next)) {
      const [first, times] = before;
      runs[runs.length - 1] = [first, times + 1, least, most, last, next[5]];
    } else {
      runs.push(next);
    }
  }
  return runs;
}

/** @param longest so many buckets of a run at most */
export function bucketsOf(
  runs: readonly Run[],
  bucketMs: number,
  longest = Number.POSITIVE_INFINITY,
): TimedBucket[] {
  return runs.flatMap(([first, times, least, most, last, activating]) =>
    Array.from({ length: Math.min(times, longest) }, (_, index) => ({
      startMs: (first + index) * bucketMs,
      least,
      most,
      last,
      activating: activating === 1,
    })),
  );
}

function follows(before: Run, next: Run): boolean {
  const [first, times, ...standing] = before;
  const [place, , ...now] = next;
  return first + times === place && standing.every((value, index) => value === now[index]);
}
