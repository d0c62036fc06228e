import { stripVTControlCharacters } from "node:util";

/** What a region needs of standard output. */
export interface TerminalOutput {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const CLEAR_BELOW = "\u001B[J";
const CLEAR_LINE = "\u001B[K";
const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";

/** Lines that stay at the bottom of a terminal and change in place, while text goes by above them. */
export class TerminalRegion {
  readonly #output: TerminalOutput;
  #lines: readonly string[] = [];

  constructor(output: TerminalOutput) {
    this.#output = output;
  }

  /** Shows these lines in place of those before; each must fit the terminal's width. */
  draw(lines: readonly string[]): void {
    const grown = lines.length > this.#lines.length;
    const text = `${HIDE_CURSOR}${this.#up()}${grown ? CLEAR_BELOW : ""}${block(lines)}`;
    this.#lines = lines;
    this.#output.write(text);
  }

  /** Prints whole lines above the region. */
  write(text: string): void {
    if (this.#lines.length === 0) this.#output.write(text);
    else this.#output.write(`${this.#up()}${CLEAR_BELOW}${text}${block(this.#lines)}`);
  }

  /**
   * The terminal has another size now. Lines that no longer fit are cut or broken, nobody knows which:
   * then they are left as they stand, and the next ones come below.
   */
  resized(columns: number): void {
    const fits = this.#lines.every((line) => stripVTControlCharacters(line).length <= columns);
    if (!fits) this.restart();
  }

  /** Leaves the lines as they stand; the next ones come below. */
  restart(): void {
    this.#lines = [];
  }

  /** Leaves the lines as they stand, and gives the cursor back. */
  end(): void {
    this.restart();
    this.#output.write(SHOW_CURSOR);
  }

  /** To the first line; every line ends in a line feed, so that the cursor stands below the last. */
  #up(): string {
    const count = this.#lines.length;
    return count === 0 ? "" : `\r\u001B[${count}A`;
  }
}

/** Each line is cleared before: behind a line that is as wide as the terminal, that takes its end. */
function block(lines: readonly string[]): string {
  return lines.map((line) => `${CLEAR_LINE}${line}\n`).join("") + CLEAR_BELOW;
}
