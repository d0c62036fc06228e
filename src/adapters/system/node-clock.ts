import type { Clock, Timers } from "../../ports/clock.ts";

/** The machine's own clocks. */
export class NodeClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }
}

/** Timers of the event loop; none keeps the process alive. */
export class NodeTimers implements Timers {
  after(delayMs: number, call: () => void): () => void {
    const timer = setTimeout(call, delayMs).unref();
    return () => clearTimeout(timer);
  }
}
