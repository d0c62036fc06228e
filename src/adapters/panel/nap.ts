import type { Timers } from "../../ports/clock.ts";

/** A wait that something may cut short; one at a time. */
export class Nap {
  readonly #timers: Timers;
  #end: ((slept: boolean) => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Whether it lasted all its time. */
  async sleep(durationMs: number): Promise<boolean> {
    let cancel = () => {};
    try {
      return await new Promise((resolve) => {
        this.#end = resolve;
        cancel = this.#timers.after(durationMs, () => resolve(true));
      });
    } finally {
      cancel();
      this.#end = undefined;
    }
  }

  /** Without effect while nobody sleeps. */
  wake(): void {
    this.#end?.(false);
  }
}
