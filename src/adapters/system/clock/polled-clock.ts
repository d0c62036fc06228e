import { SECOND_MS } from "../../../domain/units.ts";
import type { ClockReading, ClockSource, Timers } from "../../../ports/clock.ts";

/** How often a program is asked; a clock that has lost its servers keeps time for hours. */
const POLL_MS = 64 * SECOND_MS;

/** A source that must be asked, and answers later: what it said last stands until the next time. */
export abstract class PolledClock implements ClockSource {
  readonly #timers: Timers;
  #cancel: (() => void) | undefined;
  #stopped = false;
  #reading: ClockReading;

  protected constructor(timers: Timers, first: ClockReading) {
    this.#timers = timers;
    this.#reading = first;
  }

  read(): ClockReading {
    return this.#reading;
  }

  /** Resolves when it was asked for the first time. Never rejects. */
  async start(): Promise<void> {
    this.#reading = await this.ask();
    if (this.#stopped) return;
    this.#cancel = this.#timers.after(POLL_MS, () => void this.start());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Asks. Never rejects. */
  protected abstract ask(): Promise<ClockReading>;
}
