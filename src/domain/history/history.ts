import type { Sample } from "./bucket.ts";
import { BucketRow } from "./bucket-row.ts";
import type { Run, TimedBucket } from "./runs.ts";
import { MINUTES, type Range, TIERS } from "./tiers.ts";

/** More applications than any box has; of those beyond, the ones longest without a sample go. */
export const MOST_APPLICATIONS = 16;

/** What is kept on flash of one application: the runs of each tier. */
export interface PackedHistory {
  readonly application: string;
  readonly tiers: Readonly<Record<Range, readonly Run[]>>;
}

/** A stretch of buckets of the same length. */
export interface HistoryPart {
  readonly bucketMs: number;
  readonly buckets: readonly TimedBucket[];
}

interface ApplicationHistory {
  readonly minutes: BucketRow;
  readonly rows: ReadonlyMap<Range, BucketRow>;
}

/** How the count of each application went, finely for the last day and coarsely for the last year. */
export class CountHistory {
  readonly #applications = new Map<string, ApplicationHistory>();

  /** In the order in which they had samples last, the latest at the end. */
  get applications(): string[] {
    return [...this.#applications.keys()];
  }

  /** @param nowMs as a clock has it that is trusted; it may step back */
  add(application: string, sample: Sample, nowMs: number): void {
    const history = this.#take(application);
    history.minutes.add(sample, nowMs);
    for (const row of history.rows.values()) row.add(sample, nowMs);
  }

  /** Forgets what is older than is kept, and the applications of which nothing is left. */
  trim(nowMs: number): void {
    for (const [application, { minutes, rows }] of this.#applications) {
      const all = [minutes, ...rows.values()];
      for (const row of all) row.trim(nowMs);
      if (all.every((row) => row.isEmpty)) this.#applications.delete(application);
    }
  }

  /** Oldest first; the last day has a finer part from the service's start on. */
  read(application: string, range: Range, nowMs: number): HistoryPart[] {
    const history = this.#applications.get(application);
    const tier = TIERS.find((each) => each.range === range);
    if (!history || !tier) return [];
    const coarse = history.rows.get(range)?.list(nowMs - tier.keptMs) ?? [];
    if (range !== MINUTES.range) return [{ bucketMs: tier.bucketMs, buckets: coarse }];
    const fine = history.minutes.list(nowMs - MINUTES.keptMs);
    const fromMs = fine[0]?.startMs ?? Number.POSITIVE_INFINITY;
    // A coarse bucket that reaches into the minutes tells of them once more.
    const before = coarse.filter(({ startMs }) => startMs + tier.bucketMs <= fromMs);
    return [
      { bucketMs: tier.bucketMs, buckets: before },
      { bucketMs: MINUTES.bucketMs, buckets: fine },
    ];
  }

  pack(): PackedHistory[] {
    return [...this.#applications].map(([application, { rows }]) => ({
      application,
      tiers: Object.fromEntries([...rows].map(([range, row]) => [range, row.pack()])) as Record<
        Range,
        Run[]
      >,
    }));
  }

  unpack(packed: readonly PackedHistory[]): void {
    for (const { application, tiers } of packed) {
      const { rows } = this.#take(application);
      for (const [range, row] of rows) row.unpack(tiers[range]);
    }
  }

  #take(application: string): ApplicationHistory {
    const history = this.#applications.get(application) ?? {
      minutes: new BucketRow(MINUTES),
      rows: new Map(TIERS.map((tier) => [tier.range, new BucketRow(tier)])),
    };
    this.#applications.delete(application);
    this.#applications.set(application, history);
    const [oldest] = this.#applications.keys();
    if (this.#applications.size > MOST_APPLICATIONS && oldest !== undefined) {
      this.#applications.delete(oldest);
    }
    return history;
  }
}
