/** Sources remembered at once by each limit; the one longest unheard of is forgotten first. */
const DEFAULT_CAPACITY = 16_384;

/** A map that forgets the key longest untouched when it is full. */
class RecentMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  touch(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#capacity) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
  }
}

/** What a limit answers: 0 if allowed, else how long to wait in milliseconds. */
export type WaitMs = number;

/**
 * A sustained rate with a burst, per key, by the generic cell rate algorithm (ITU-T I.371): one
 * number per key. Time is monotonic and passed in.
 */
export class RateLimit {
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  readonly #arrivalMs: RecentMap<number>;

  /**
   * @param perMinute sustained rate
   * @param burst how many may come at once after a pause
   */
  constructor(perMinute: number, burst: number, capacity = DEFAULT_CAPACITY) {
    this.#intervalMs = 60_000 / perMinute;
    this.#toleranceMs = this.#intervalMs * (burst - 1);
    this.#arrivalMs = new RecentMap(capacity);
  }

  /** Keys remembered. */
  get size(): number {
    return this.#arrivalMs.size;
  }

  take(key: string, nowMs: number): WaitMs {
    const expectedMs = Math.max(this.#arrivalMs.get(key) ?? nowMs, nowMs);
    const waitMs = expectedMs - nowMs - this.#toleranceMs;
    if (waitMs > 0) return waitMs;
    this.#arrivalMs.touch(key, expectedMs + this.#intervalMs);
    return 0;
  }
}

interface Window {
  readonly startMs: number;
  taken: number;
}

/** So many in a window that begins with the first, per key. Time is monotonic and passed in. */
export class QuotaLimit {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #windows: RecentMap<Window>;

  constructor(most: number, windowMs: number, capacity = DEFAULT_CAPACITY) {
    this.#most = most;
    this.#windowMs = windowMs;
    this.#windows = new RecentMap(capacity);
  }

  /** Keys remembered. */
  get size(): number {
    return this.#windows.size;
  }

  take(key: string, nowMs: number): WaitMs {
    const open = this.#windows.get(key);
    if (!open || nowMs - open.startMs >= this.#windowMs) {
      this.#windows.touch(key, { startMs: nowMs, taken: 1 });
      return 0;
    }
    if (open.taken >= this.#most) return open.startMs + this.#windowMs - nowMs;
    open.taken++;
    this.#windows.touch(key, open);
    return 0;
  }

  /** Takes one `take` back that led to nothing. */
  giveBack(key: string): void {
    const open = this.#windows.get(key);
    if (open && open.taken > 0) open.taken--;
  }
}
