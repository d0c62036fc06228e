import { EventEmitter } from "node:events";

const ESCAPE = "\u001B";
/** The beginning of a sequence whose end is still to come. */
const BEGUN = new RegExp(`${ESCAPE}(?:\\[[\\d;?]*)?$`);
/** What is written, one escape sequence or character at a time. */
const TOKENS = new RegExp(`${ESCAPE}\\[(\\??\\d*)([A-Za-z])|${ESCAPE}.?|[^${ESCAPE}]`, "gu");

/**
 * A terminal that keeps what it shows and what has scrolled off; knows the escape sequences that the
 * panel uses. Every character is one column wide. As usual, the cursor waits in the last column when
 * that is written, and clearing the rest of the line then clears that character.
 */
export class TerminalModel extends EventEmitter {
  columns = 130;
  rows = 40;
  cursorShown = true;
  readonly #gone: string[] = [];
  #screen: string[][] = [[]];
  #row = 0;
  #column = 0;
  #begun = "";

  /** The lines as they stand, those that have scrolled off too, without empty ones at the end. */
  get lines(): string[] {
    return withoutEnd([...this.#gone, ...this.screen]);
  }

  /** What can be seen, without empty lines at the end. */
  get screen(): string[] {
    return withoutEnd(this.#screen.map(textOf));
  }

  /** Cuts what no longer fits, as many terminals do, and tells the program. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#screen = this.#screen.map((row) => row.slice(0, columns));
    while (this.#row >= rows) this.#scroll();
    this.#screen.length = Math.min(this.#screen.length, rows);
    this.emit("resize");
  }

  write(text: string): true {
    const whole = this.#begun + text;
    // A sequence may arrive in two pieces.
    this.#begun = BEGUN.exec(whole)?.[0] ?? "";
    const complete = whole.slice(0, whole.length - this.#begun.length);
    for (const [token, argument = "", command] of complete.matchAll(TOKENS)) {
      if (command !== undefined) this.#escape(command, argument);
      else if (token === "\r") this.#column = 0;
      else if (token === "\n") this.#lineFeed();
      else if (token.startsWith(ESCAPE)) throw new Error(`Unknown: ${JSON.stringify(token)}.`);
      else this.#put(token);
    }
    return true;
  }

  #put(character: string): void {
    if (this.#column >= this.columns) this.#lineFeed();
    const row = this.#rowHere();
    while (row.length < this.#column) row.push(" ");
    row[this.#column] = character;
    this.#column++;
  }

  #lineFeed(): void {
    this.#row++;
    this.#column = 0;
    if (this.#row >= this.rows) this.#scroll();
    this.#rowHere();
  }

  #scroll(): void {
    this.#gone.push(textOf(this.#screen.shift() ?? []));
    this.#row--;
  }

  #rowHere(): string[] {
    while (this.#screen.length <= this.#row) this.#screen.push([]);
    return this.#screen[this.#row] ?? [];
  }

  #escape(command: string, argument: string): void {
    switch (command) {
      case "A":
        this.#row = Math.max(0, this.#row - Number(argument || 1));
        break;
      case "J":
        this.#screen.length = Math.min(this.#screen.length, this.#row + 1);
        this.#cut();
        break;
      case "K":
        this.#cut();
        break;
      case "h":
      case "l":
        if (argument === "?25") this.cursorShown = command === "h";
        break;
      case "m":
        break;
      default:
        throw new Error(`The model does not know the escape sequence ${argument}${command}.`);
    }
  }

  #cut(): void {
    const row = this.#rowHere();
    row.length = Math.min(row.length, this.#column, this.columns - 1);
  }
}

function textOf(row: readonly string[]): string {
  return row.join("").trimEnd();
}

function withoutEnd(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
