/** Work is shed once a new piece is expected to take longer than this. */
const DEFAULT_MOST_WAIT_MS = 500;
/** Pieces of work that are always let in, and with fewer than which gaps say little of the pace. */
const ALWAYS_ADMITTED = 32;
/** Weight of the newest measurement in the running mean. */
const SMOOTHING = 0.05;

/**
 * Lets work in as long as it can be expected to be done in time, by Little's law: time in the
 * system = work in the system x mean time between completions. Time is monotonic and passed in.
 */
export class Admission {
  readonly #mostWaitMs: number;
  readonly #mostAtOnce: number;
  #inside = 0;
  #lastDoneMs = 0;
  #meanGapMs = 0;

  constructor(mostAtOnce: number, mostWaitMs = DEFAULT_MOST_WAIT_MS) {
    this.#mostAtOnce = mostAtOnce;
    this.#mostWaitMs = mostWaitMs;
  }

  /** Pieces of work let in and not done yet. */
  get inside(): number {
    return this.#inside;
  }

  /** Whether the piece of work is let in; whoever is must call `leave` once. */
  enter(nowMs: number): boolean {
    if (this.#inside === 0) this.#lastDoneMs = nowMs;
    if (this.#inside >= ALWAYS_ADMITTED && this.#expectedMs(nowMs) > this.#mostWaitMs) return false;
    if (this.#inside >= this.#mostAtOnce) return false;
    this.#inside++;
    return true;
  }

  /**
   * One piece alone takes a whole write to flash, which many would have shared: with few inside, a
   * gap tells how long that takes and not how much gets done, so that it counts by their share.
   */
  leave(nowMs: number): void {
    const share = Math.min(1, this.#inside / ALWAYS_ADMITTED);
    const gapMs = (nowMs - this.#lastDoneMs) * share;
    this.#meanGapMs += SMOOTHING * (gapMs - this.#meanGapMs);
    this.#lastDoneMs = nowMs;
    this.#inside--;
  }

  /** A stall shows at once, before anything completes and moves the mean. */
  #expectedMs(nowMs: number): number {
    return Math.max(this.#inside * this.#meanGapMs, nowMs - this.#lastDoneMs);
  }
}
