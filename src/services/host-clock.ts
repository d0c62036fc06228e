import { MINUTE_MS } from "../domain/units.ts";
import type { Clock, ClockSource } from "../ports/clock.ts";
import type { CmidStore } from "../ports/store.ts";

/** How far NTP may set a running clock back without the host losing trust in it. */
const MOST_BACKWARD_MS = MINUTE_MS;

export type HostTime =
  | { readonly trusted: true; readonly nowMs: number; readonly source: string }
  | { readonly trusted: false; readonly nowMs: number; readonly reason: string };

/** The wall clock as the host may use it: never behind the high-water mark on flash. */
export class HostClock {
  readonly #clock: Clock;
  readonly #source: ClockSource;
  readonly #store: Pick<CmidStore, "timeMarkMs">;

  constructor(clock: Clock, source: ClockSource, store: Pick<CmidStore, "timeMarkMs">) {
    this.#clock = clock;
    this.#source = source;
    this.#store = store;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  /** While `trusted` is false nothing may be discarded and no lease signed. */
  read(): HostTime {
    const nowMs = this.#clock.nowMs();
    const trust = this.#source.trust();
    if (!trust.trusted) return { trusted: false, nowMs, reason: trust.reason };
    const markMs = this.#store.timeMarkMs;
    if (nowMs < markMs - MOST_BACKWARD_MS) {
      const reason =
        `The clock says ${new Date(nowMs).toISOString()}, but it was ` +
        `${new Date(markMs).toISOString()} before. Connect NTP or set the clock.`;
      return { trusted: false, nowMs, reason };
    }
    return { trusted: true, nowMs: Math.max(nowMs, markMs), source: trust.source };
  }
}
