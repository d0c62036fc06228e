import type { BootClock, ClockReading, ClockSources, Timers } from "../../src/ports/clock.ts";

/** Monday, 6 January 2025, 08:00 UTC. */
export const START_MS = Date.UTC(2025, 0, 6, 8);

/** A machine that was started an hour before its clock was first looked at. */
const BOOTED_MS = 3_600_000;

/** What vouches for the fake clock unless a test says otherwise. */
export const TEST_READING: ClockReading = {
  name: "test",
  authority: "ntp",
  trusted: true,
  detail: "test",
  ageMs: null,
};

/** A wall clock, a monotonic clock and what vouches for them, all set by hand. */
export class FakeClock implements BootClock, ClockSources {
  wallMs = START_MS;
  lacking = "no NTP";
  /** What vouches. */
  sources: readonly ClockReading[] = [TEST_READING];
  #monotonicMs = 1000;
  #asleepMs = 0;

  nowMs(): number {
    return this.wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  sinceBootMs(): number {
    return BOOTED_MS + this.#monotonicMs + this.#asleepMs;
  }

  readings(): readonly ClockReading[] {
    return this.sources;
  }

  /** Time passes, on both clocks. */
  pass(ms: number): void {
    this.wallMs += ms;
    this.#monotonicMs += ms;
  }

  /** Time passes while the machine is suspended: its monotonic clock stands still. */
  sleep(ms: number): void {
    this.wallMs += ms;
    this.#asleepMs += ms;
  }

  /** Somebody sets the wall clock by so much. */
  step(ms: number): void {
    this.wallMs += ms;
  }

  distrust(reason = "no NTP"): void {
    this.lacking = reason;
    this.sources = [];
  }

  trustAgain(): void {
    this.sources = [TEST_READING];
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
