import { uptime } from "node:os";
import { SECOND_MS } from "../../domain/units.ts";
import type { BootClock, Timers } from "../../ports/clock.ts";

/** The machine's own clocks. */
export class NodeClock implements BootClock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  /** Linux counts the time asleep in `/proc/uptime`, and not in its monotonic clock. */
  sinceBootMs(): number {
    return uptime() * SECOND_MS;
  }
}

/** Timers of the event loop; none keeps the process alive. */
export class NodeTimers implements Timers {
  after(delayMs: number, call: () => void): () => void {
    const timer = setTimeout(call, delayMs).unref();
    return () => clearTimeout(timer);
  }
}
