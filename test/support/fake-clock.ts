import type { Clock, ClockSource, ClockTrust, Timers } from "../../src/ports/clock.ts";

/** Monday, 6 January 2025, 08:00 UTC. */
export const START_MS = Date.UTC(2025, 0, 6, 8);

/** A wall clock, a monotonic clock and the trust in them, all set by hand. */
export class FakeClock implements Clock, ClockSource {
  wallMs = START_MS;
  #monotonicMs = 1000;
  #trust: ClockTrust = { trusted: true, source: "test" };

  nowMs(): number {
    return this.wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  trust(): ClockTrust {
    return this.#trust;
  }

  /** Time passes, on both clocks. */
  pass(ms: number): void {
    this.wallMs += ms;
    this.#monotonicMs += ms;
  }

  distrust(reason = "no NTP"): void {
    this.#trust = { trusted: false, reason };
  }

  trustAgain(): void {
    this.#trust = { trusted: true, source: "test" };
  }
}

/** Timers that fire when told to. */
export class FakeTimers implements Timers {
  readonly #waiting = new Set<{ delayMs: number; call: () => void }>();

  after(delayMs: number, call: () => void): () => void {
    const timer = { delayMs, call };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }

  get delays(): number[] {
    return [...this.#waiting].map(({ delayMs }) => delayMs);
  }

  /** Fires everything that waits now, and lets what it began go on. */
  async fire(): Promise<void> {
    const due = [...this.#waiting];
    this.#waiting.clear();
    for (const { call } of due) call();
    await settled();
  }
}

/** Lets everything run that waits for no I/O. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
