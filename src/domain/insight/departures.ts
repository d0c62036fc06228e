import { HOUR_MS } from "../units.ts";

/**
 * When the CMIDs of one application leave, by the hour. The number that are left is exact at every
 * whole hour from now.
 */
export class Departures {
  readonly #nowMs: number;
  readonly #going: Uint32Array;
  readonly #staying: Uint32Array;
  #count = 0;
  #goingCount = 0;

  /** @param hours how far ahead is looked */
  constructor(nowMs: number, hours: number) {
    this.#nowMs = nowMs;
    this.#going = new Uint32Array(hours + 1);
    this.#staying = new Uint32Array(hours + 1);
  }

  /** Those that count now. */
  get count(): number {
    return this.#count;
  }

  /** Those of them that are expected to leave. */
  get going(): number {
    return this.#goingCount;
  }

  /** The hour by the end of which it has left; 0 if it does not count any more. */
  static hourOf(discardMs: number, nowMs: number): number {
    return Math.max(0, Math.ceil((discardMs - nowMs) / HOUR_MS));
  }

  /**
   * @param discardMs when it is discarded if it never comes again
   * @param isGoing whether it is expected not to come again
   */
  add(discardMs: number, isGoing: boolean): void {
    this.#change(discardMs, isGoing, 1);
  }

  /** One of those who were expected to stay will not come again. */
  retire(discardMs: number): void {
    this.#change(discardMs, false, -1);
    this.#change(discardMs, true, 1);
  }

  /** How many leave in each hour; the first of them is empty. */
  leaving(nobodyReturns: boolean): Uint32Array {
    if (!nobodyReturns) return this.#going;
    return this.#going.map((going, hour) => going + (this.#staying[hour] ?? 0));
  }

  #change(discardMs: number, isGoing: boolean, by: 1 | -1): void {
    if (discardMs <= this.#nowMs) return;
    const hours = isGoing ? this.#going : this.#staying;
    const hour = Departures.hourOf(discardMs, this.#nowMs);
    this.#count += by;
    if (isGoing) this.#goingCount += by;
    // One that stays longer than is looked ahead never leaves as far as can be seen.
    if (hour < hours.length) hours[hour] = (hours[hour] ?? 0) + by;
  }
}
