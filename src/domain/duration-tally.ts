import { SECOND_MS } from "./units.ts";

/** How many durations fell below each bound. */
export interface DurationCounts {
  /** In seconds, rising; what is over the last one counts in `count` alone. */
  readonly bounds: readonly number[];
  /** How many were at most the bound of the same place. */
  readonly atMost: readonly number[];
  readonly count: number;
  readonly sumSeconds: number;
}

/** Sorts durations by length, for next to nothing. */
export class DurationTally {
  readonly #bounds: readonly number[];
  /** One place more than there are bounds. */
  readonly #counts: Float64Array;
  #sumMs = 0;

  /** @param bounds in seconds, rising */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  add(durationMs: number): void {
    const seconds = durationMs / SECOND_MS;
    let place = 0;
    while (place < this.#bounds.length && seconds > (this.#bounds[place] ?? 0)) place++;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sumMs += durationMs;
  }

  get counts(): DurationCounts {
    let sum = 0;
    const running = Array.from(this.#counts, (each) => {
      sum += each;
      return sum;
    });
    return {
      bounds: this.#bounds,
      atMost: running.slice(0, -1),
      count: sum,
      sumSeconds: this.#sumMs / SECOND_MS,
    };
  }
}
