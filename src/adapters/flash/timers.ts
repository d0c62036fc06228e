import { setImmediate as immediate } from "node:timers/promises";

/** What the store needs of time, so that tests can control it. */
export interface FlashTimers {
  /** Monotonic; only differences mean anything. */
  nowMs(): number;
  /** Calls back once; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
  /** Lets everything else that waits in the event loop have its turn. */
  pause(): Promise<void>;
}

/** The real ones. */
export const systemTimers: FlashTimers = {
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  pause: () => immediate(),
};
