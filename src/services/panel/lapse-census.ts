import type { ActivationLedger } from "../../domain/ledger.ts";
import { DAY_MS, MINUTE_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";

/** How long before the end of its validity interval a client counts as lapsing soon. */
const SOON_MS = 7 * DAY_MS;
/** Records looked at in one go: under a millisecond, so that no request waits for the census. */
const SLICE = 500;
/** How often the census is taken. */
const ROUND_MS = 10 * MINUTE_MS;
/** The first one waits until those who came while the box was off are answered. */
const FIRST_MS = 2000;

export interface CensusParts {
  readonly ledger: ActivationLedger;
  readonly timers: Timers;
  readonly nowMs: () => number;
}

/** Counts, now and then and a little at a time, the clients whose activation ends soon. */
export class LapseCensus {
  readonly #parts: CensusParts;
  #lapsingSoon = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: CensusParts) {
    this.#parts = parts;
  }

  /** CMIDs whose validity interval ends within 7 days unless they renew, as last counted. */
  get lapsingSoon(): number {
    return this.#lapsingSoon;
  }

  start(): void {
    this.#begin(FIRST_MS);
  }

  stop(): void {
    this.#cancel?.();
  }

  #begin(delayMs: number): void {
    this.#after(delayMs, () => this.#count(0, new Set(), this.#parts.nowMs()));
  }

  #count(from: number, lapsing: Set<string>, nowMs: number): void {
    const { ledger } = this.#parts;
    const to = Math.min(from + SLICE, ledger.places);
    for (let place = from; place < to; place++) {
      const record = ledger.at(place);
      if (record && lapsesSoon(record.leaseExpiresMs, nowMs)) lapsing.add(record.cmid);
    }
    if (to < ledger.places) {
      this.#after(1, () => this.#count(to, lapsing, nowMs));
      return;
    }
    this.#lapsingSoon = lapsing.size;
    this.#begin(ROUND_MS);
  }

  #after(delayMs: number, call: () => void): void {
    this.#cancel = this.#parts.timers.after(delayMs, call);
  }
}

function lapsesSoon(leaseExpiresMs: number, nowMs: number): boolean {
  return leaseExpiresMs > nowMs && leaseExpiresMs - nowMs <= SOON_MS;
}
