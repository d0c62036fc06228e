import { type Bucket, bucketOf, joined, type Sample } from "./bucket.ts";
import { bucketsOf, type Run, runsOf, type TimedBucket } from "./runs.ts";
import { lengthOf, type Tier } from "./tiers.ts";

/** The buckets of one tier, oldest first. A stretch without samples has none: gaps stay gaps. */
export class BucketRow {
  readonly #tier: Tier;
  #places: number[] = [];
  #buckets: Bucket[] = [];

  constructor(tier: Tier) {
    this.#tier = tier;
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Whatever stands after `nowMs` was written under a clock that ran ahead, and goes. */
  add(sample: Sample, nowMs: number): void {
    this.#insert(Math.floor(nowMs / this.#tier.bucketMs), bucketOf(sample));
    this.trim(nowMs);
  }

  /** Forgets what is older than is kept, and what has not been yet. */
  trim(nowMs: number): void {
    const now = Math.floor(nowMs / this.#tier.bucketMs);
    const oldest = now - lengthOf(this.#tier) + 1;
    const from = this.#places.findIndex((place) => place >= oldest);
    const end = this.#places.findLastIndex((place) => place <= now) + 1;
    if (from === 0 && end === this.#places.length) return;
    this.#places = from < 0 ? [] : this.#places.slice(from, end);
    this.#buckets = from < 0 ? [] : this.#buckets.slice(from, end);
  }

  /** @param sinceMs only those that end after it */
  list(sinceMs = Number.NEGATIVE_INFINITY): TimedBucket[] {
    const { bucketMs } = this.#tier;
    return this.#buckets.flatMap((bucket, index) => {
      const startMs = (this.#places[index] ?? 0) * bucketMs;
      return startMs + bucketMs > sinceMs ? [{ startMs, ...bucket }] : [];
    });
  }

  pack(): Run[] {
    return runsOf(this.list(), this.#tier.bucketMs);
  }

  /** Takes in what was packed. */
  unpack(runs: readonly Run[]): void {
    const { bucketMs } = this.#tier;
    for (const { startMs, ...bucket } of bucketsOf(runs, bucketMs, lengthOf(this.#tier))) {
      this.#insert(startMs / bucketMs, bucket);
    }
  }

  #insert(place: number, bucket: Bucket): void {
    while ((this.#places.at(-1) ?? place) > place) {
      this.#places.pop();
      this.#buckets.pop();
    }
    const before = this.#buckets.at(-1);
    if (before && this.#places.at(-1) === place) {
      this.#buckets[this.#buckets.length - 1] = joined(before, bucket);
    } else {
      this.#places.push(place);
      this.#buckets.push(bucket);
    }
  }
}
