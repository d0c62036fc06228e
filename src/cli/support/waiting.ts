import { SECOND_MS } from "../../domain/units.ts";

/** How long a person waits before being told what for. */
const PATIENCE_MS = 2 * SECOND_MS;
const CLEAR_LINE = "\r\u001B[K";

/** Tells somebody at a terminal what is waited for, once it takes longer than 2 s. */
export class Waiting {
  #running: readonly string[];
  readonly #doing: string;
  #shown = false;
  readonly #timer: NodeJS.Timeout;

  /**
   * @param first what is told until more is known
   * @param doing what is done with it
   */
  constructor(first: string, doing = "Checking") {
    this.#running = [first];
    this.#doing = doing;
    this.#timer = setTimeout(() => {
      this.#shown = true;
      this.#show();
    }, PATIENCE_MS);
  }

  readonly progress = (running: readonly string[]): void => {
    this.#running = running;
    if (this.#shown) this.#show();
  };

  end(): void {
    clearTimeout(this.#timer);
    if (this.#shown && process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  }

  /** In one line that is written over, and in none where nobody watches. */
  #show(): void {
    if (!process.stderr.isTTY) return;
    const text = `${this.#doing}: ${this.#running.join(", ")} …`;
    const columns = process.stderr.columns || 80;
    process.stderr.write(`${CLEAR_LINE}${text.slice(0, columns - 1)}`);
  }
}
