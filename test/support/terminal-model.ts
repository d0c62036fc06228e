import { EventEmitter } from "node:events";

/** What is written, one escape sequence or run of text at a time. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const TOKENS = /\u001B\[(\??\d*)([A-Za-z])|[\r\n]|[^\u001B\r\n]+/g;

/** A terminal that keeps what it shows; knows the escape sequences that the panel uses. */
export class TerminalModel extends EventEmitter {
  columns = 130;
  rows = 40;
  cursorShown = true;
  #rows: string[] = [""];
  #row = 0;
  #column = 0;

  /** The lines as they stand, without empty ones at the end. */
  get lines(): string[] {
    const rows = this.#rows.map((row) => row.trimEnd());
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  write(text: string): true {
    for (const [token, argument = "", command] of text.matchAll(TOKENS)) {
      if (command !== undefined) this.#escape(command, argument);
      else if (token === "\r") this.#column = 0;
      else if (token === "\n") this.#lineFeed();
      else this.#put(token);
    }
    return true;
  }

  #lineFeed(): void {
    this.#row++;
    this.#column = 0;
    while (this.#rows.length <= this.#row) this.#rows.push("");
  }

  #put(text: string): void {
    const row = (this.#rows[this.#row] ?? "").padEnd(this.#column);
    this.#rows[this.#row] =
      row.slice(0, this.#column) + text + row.slice(this.#column + text.length);
    this.#column += text.length;
  }

  #escape(command: string, argument: string): void {
    switch (command) {
      case "A":
        this.#row = Math.max(0, this.#row - Number(argument));
        break;
      case "J":
        this.#rows.length = this.#row + 1;
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
    this.#rows[this.#row] = (this.#rows[this.#row] ?? "").slice(0, this.#column);
  }
}
