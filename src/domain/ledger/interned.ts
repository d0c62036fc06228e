/**
 * Strings that recur, as small numbers. A string is forgotten with its last use, so that a client
 * that names itself anew in every request cannot fill the memory.
 */
export class Interned {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];

  /** Distinct strings in use. */
  get size(): number {
    return this.#ids.size;
  }

  /** The string's number, with one more use counted. */
  use(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) {
      this.#uses[known] = (this.#uses[known] ?? 0) + 1;
      return known;
    }
    const id = this.#free.pop() ?? this.#texts.length;
    this.#ids.set(text, id);
    this.#texts[id] = text;
    this.#uses[id] = 1;
    return id;
  }

  /** Counts one use less. */
  drop(id: number): void {
    const left = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = left;
    if (left > 0) return;
    this.#ids.delete(this.text(id));
    this.#texts[id] = "";
    this.#free.push(id);
  }

  text(id: number): string {
    return this.#texts[id] ?? "";
  }
}
