import type { DurationCounts } from "../domain/duration-tally.ts";

export interface MetricSample {
  /** The labels' values; their names are the same in every sample of a family. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Values of one name, for Prometheus. Counters end with `_total`, and units are the base ones. */
export type MetricFamily =
  | {
      readonly name: string;
      readonly help: string;
      readonly type: "gauge" | "counter";
      readonly samples: readonly MetricSample[];
    }
  | {
      readonly name: string;
      readonly help: string;
      readonly type: "histogram";
      readonly durations: DurationCounts;
    };

/** What the process takes. Times are in seconds, as Prometheus has them. */
export interface ProcessFacts {
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  /** Of all threads, since the start. */
  readonly cpuSeconds: number;
  /** Since 1970. */
  readonly startSeconds: number;
  /** How long something that is due at once waits now. */
  readonly loopLagSeconds: number;
  /** How long the event loop has worked since the start. */
  readonly loopActiveSeconds: number;
}

export interface ProcessProbe {
  look(): Promise<ProcessFacts>;
}

/** Everything that is measured, as Prometheus reads it. */
export interface MetricsExposition {
  readonly contentType: string;
  text(): Promise<string>;
}
