const SEGMENT_BITS = 8;
const SEGMENT_SHIFT = 32 - SEGMENT_BITS;
const FIRST_CAPACITY = 8;
const EMPTY = 0;

/**
 * Finds a row by the hash of its key: open addressing with linear probing over pairs of hash and
 * row. The hash is kept beside the row so that probing and growing touch nothing outside the table.
 *
 * The table is cut into segments by the hash's upper bits and each doubles by itself, so that no
 * single insertion waits for a million entries to move.
 */
export class CmidIndex {
  readonly #segments: (Segment | undefined)[] = Array.from({ length: 1 << SEGMENT_BITS });

  /** The first row with this hash for which `matches` is true. */
  find(hash: number, matches: (row: number) => boolean): number | undefined {
    return this.#segments[hash >>> SEGMENT_SHIFT]?.find(hash, matches);
  }

  /** Adds a row that is not yet there. */
  add(hash: number, row: number): void {
    const at = hash >>> SEGMENT_SHIFT;
    const segment = this.#segments[at] ?? new Segment();
    this.#segments[at] = segment;
    segment.add(hash, row);
  }

  /** Removes a row that is there. */
  remove(hash: number, row: number): void {
    this.#segments[hash >>> SEGMENT_SHIFT]?.remove(hash, row);
  }
}

class Segment {
  #pairs = new Uint32Array(2 * FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #used = 0;

  find(hash: number, matches: (row: number) => boolean): number | undefined {
    const pairs = this.#pairs;
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const held = pairs[2 * at + 1] ?? EMPTY;
      if (held === EMPTY) return undefined;
      if (pairs[2 * at] === hash && matches(held - 1)) return held - 1;
    }
  }

  add(hash: number, row: number): void {
    if (4 * (this.#used + 1) > 3 * (this.#mask + 1)) this.#double();
    this.#place(hash, row + 1);
    this.#used++;
  }

  /** Closes the gap by moving later entries up instead of leaving a mark to be probed over. */
  remove(hash: number, row: number): void {
    const pairs = this.#pairs;
    let gap = hash & this.#mask;
    while (pairs[2 * gap + 1] !== row + 1) {
      if (pairs[2 * gap + 1] === EMPTY) return;
      gap = (gap + 1) & this.#mask;
    }
    this.#used--;
    for (let at = (gap + 1) & this.#mask; pairs[2 * at + 1] !== EMPTY; at = (at + 1) & this.#mask) {
      const home = (pairs[2 * at] ?? 0) & this.#mask;
      const reachesGap = ((at - home) & this.#mask) >= ((at - gap) & this.#mask);
      if (!reachesGap) continue;
      pairs.copyWithin(2 * gap, 2 * at, 2 * at + 2);
      gap = at;
    }
    pairs[2 * gap + 1] = EMPTY;
  }

  #place(hash: number, held: number): void {
    const pairs = this.#pairs;
    let at = hash & this.#mask;
    while (pairs[2 * at + 1] !== EMPTY) at = (at + 1) & this.#mask;
    pairs[2 * at] = hash;
    pairs[2 * at + 1] = held;
  }

  #double(): void {
    const old = this.#pairs;
    this.#mask = 2 * this.#mask + 1;
    this.#pairs = new Uint32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 2) {
      const held = old[i + 1] ?? EMPTY;
      if (held !== EMPTY) this.#place(old[i] ?? 0, held);
    }
  }
}
