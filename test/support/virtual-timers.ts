import type { Timers } from "../../src/ports/clock.ts";
import { settled } from "./fake-clock.ts";

/** Timers of a time that passes only when told to, in order and to the millisecond. */
export class VirtualTimers implements Timers {
  nowMs = 0;
  readonly #waiting = new Set<{ readonly atMs: number; readonly call: () => void }>();

  after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, call };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Lets this much time pass, and what falls due in it happen one after the other. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.nowMs + durationMs;
    await settled();
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#waiting.delete(next);
      this.nowMs = next.atMs;
      next.call();
      await settled();
    }
    this.nowMs = endMs;
  }

  #next(endMs: number) {
    const due = [...this.#waiting].filter(({ atMs }) => atMs <= endMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }
}
