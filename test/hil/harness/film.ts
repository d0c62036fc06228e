/** A picture that was looked at for longer than it takes to draw the next one. */
interface Shot {
  readonly text: string;
  readonly untilMs: number;
}

/** A picture comes in many writes; so long after one of them the last has come. */
const REST_MS = 150;

/** What a display showed one after the other. Pictures that are half drawn are left out. */
export class Film {
  readonly #read: () => string;
  readonly #shots: Shot[] = [];
  #changedMs = Number.POSITIVE_INFINITY;

  /** @param read what can be read on the display now */
  constructor(read: () => string) {
    this.#read = read;
  }

  /** Must be told before the display takes a write. */
  beforeWrite(atMs: number): void {
    if (atMs - this.#changedMs >= REST_MS) this.#shots.push({ text: this.#read(), untilMs: atMs });
    this.#changedMs = atMs;
  }

  /** From what was shown at a moment to what is shown now; the same is told once. */
  since(fromMs: number): string[] {
    const shown = this.#shots.filter(({ untilMs }) => untilMs > fromMs).map(({ text }) => text);
    return [...shown, this.#read()].filter((text, index, all) => text !== all[index - 1]);
  }
}
