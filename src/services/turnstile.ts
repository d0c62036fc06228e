/**
 * Lets a few through at a time and keeps the others waiting in order, so that a queue of signature
 * checks does not fill the thread pool that file writes share with them.
 */
export class Turnstile {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #head = 0;
  #inside = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#most) {
      return new Promise<void>((resolve) => this.#waiting.push(resolve)).then(() =>
        this.#pass(work),
      );
    }
    this.#inside++;
    return this.#pass(work);
  }

  async #pass<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  /** Hands the place on without freeing it, so that nobody overtakes. */
  #next(): void {
    const next = this.#waiting[this.#head];
    if (!next) {
      this.#inside--;
      return;
    }
    this.#head++;
    if (this.#head === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#head = 0;
    }
    next();
  }
}
