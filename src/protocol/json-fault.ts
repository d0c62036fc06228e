/** Where a text stops being JSON, and what to do there. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** A clause for a person, such as `a comma is missing before this`. */
  readonly message: string;
}

/** Deeper than any file that a person writes. */
const DEEPEST = 64;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/uy;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const WORD = /[\w.+-]+/y;
const COMMENT = /\/[/*]|#/y;
const OTHER_QUOTE = /['‘’“”„‚«»`]/;

/**
 * The first place at which a text is not JSON (RFC 8259), or names a member twice, of which parsers
 * keep silent and take the last; undefined if there is none. Node's own message names no place for
 * many faults, and no remedy for any.
 */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    new Scanner(text).document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return {
      line: before.length,
      column: Array.from(before.at(-1) ?? "").length + 1,
      message: error.message,
    };
  }
}

class Fault extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Reads a text by the grammar, keeping nothing of it. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) this.#fail("the file must end here, after its last brace");
  }

  #value(depth: number): void {
    this.#skip();
    if (depth > DEEPEST) this.#fail("this is nested too deeply");
    const next = this.#text[this.#at];
    if (next === "{") this.#object(depth);
    else if (next === "[") this.#array(depth);
    else if (next === '"') this.#string();
    else if (this.#take(SCALAR) === undefined) this.#failAtValue();
  }

  #object(depth: number): void {
    const names = new Set<string>();
    this.#list("}", () => {
      if (this.#text[this.#at] !== '"') {
        this.#fail('the name of a member is missing here; it stands in straight quotes: "name"');
      }
      const began = this.#at;
      const name: unknown = JSON.parse(this.#string());
      if (names.has(String(name))) this.#failAt(began, `"${String(name)}" is there twice`);
      names.add(String(name));
      this.#skip();
      if (this.#text[this.#at] !== ":") this.#fail("a colon is missing before this");
      this.#at += 1;
      this.#value(depth + 1);
    });
  }

  #array(depth: number): void {
    this.#list("]", () => this.#value(depth + 1));
  }

  /** Members between an opening and a closing bracket, divided by commas. */
  #list(end: "}" | "]", member: () => void): void {
    this.#at += 1;
    this.#skip();
    if (this.#text[this.#at] === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      member();
      this.#skip();
      const next = this.#text[this.#at];
      const comma = this.#at;
      this.#at += 1;
      if (next === end) return;
      if (next !== ",") this.#failAt(comma, this.#missing(next, end));
      this.#skip();
      if (this.#text[this.#at] === end) {
        this.#failAt(comma, "this comma must go, as nothing follows it");
      }
    }
  }

  #missing(next: string | undefined, end: string): string {
    if (next === undefined) return `the file ends too early: a "${end}" is missing`;
    return next === "}" || next === "]"
      ? `"${end}" is expected here, not "${next}"`
      : `a comma is missing before this, or a "${end}"`;
  }

  #string(): string {
    return (
      this.#take(STRING) ??
      this.#fail(
        'this text lacks its closing quote, or holds a line break, a tab or a lone "\\" ' +
          '(write "\\\\" for one)',
      )
    );
  }

  #failAtValue(): never {
    const next = this.#text[this.#at];
    if (next === undefined) return this.#fail("the file ends too early: a value is missing");
    if (OTHER_QUOTE.test(next)) return this.#fail('text stands in straight quotes: "like this"');
    const word = this.#take(WORD, false);
    if (word === undefined) return this.#fail("a value is missing here");
    return this.#fail(
      /^[-+.\d]/.test(word)
        ? `${word} is no number; text stands in straight quotes: "${word}"`
        : `${word} is no value; text stands in straight quotes, and true, false and null are small`,
    );
  }

  #skip(): void {
    this.#take(SPACE);
    if (this.#take(COMMENT, false) !== undefined) {
      this.#fail("JSON has no comments: this must go");
    }
    const next = this.#text[this.#at] ?? "";
    if (next === "\u00a0")
      this.#fail("this is no usual space but a non-breaking one: type it anew");
  }

  #take(pattern: RegExp, advance = true): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined && advance) this.#at += found.length;
    return found;
  }

  #fail(message: string): never {
    return this.#failAt(this.#at, message);
  }

  #failAt(at: number, message: string): never {
    throw new Fault(at, message);
  }
}
