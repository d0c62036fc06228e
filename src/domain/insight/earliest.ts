/** Keeps those with the smallest keys of very many, and how many there were. */
export class Earliest<T> {
  readonly #most: number;
  #kept: { readonly key: number; readonly value: T }[] = [];
  #limit = Number.POSITIVE_INFINITY;
  #total = 0;

  /** @param most how many are kept */
  constructor(most: number) {
    this.#most = most;
  }

  get total(): number {
    return this.#total;
  }

  /** @param value called only for one that may be among those kept */
  add(key: number, value: () => T): void {
    this.#total++;
    if (key >= this.#limit) return;
    this.#kept.push({ key, value: value() });
    if (this.#kept.length >= 2 * this.#most) this.#cut();
  }

  /** The smallest key first. */
  get values(): T[] {
    this.#cut();
    return this.#kept.map(({ value }) => value);
  }

  #cut(): void {
    this.#kept = this.#kept.toSorted((a, b) => a.key - b.key).slice(0, this.#most);
    if (this.#kept.length === this.#most) this.#limit = this.#kept.at(-1)?.key ?? this.#limit;
  }
}
