/** No place: the end of a chain. */
export const NONE = 0xffff_ffff;

const CHUNK_BITS = 12;
const CHUNK_ROWS = 1 << CHUNK_BITS;
const PLACE_IN_CHUNK = CHUNK_ROWS - 1;
const WORD_BYTES = 4;
const NUMBER_BYTES = 8;

interface Chunk {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly numbers: Float64Array;
}

/**
 * Rows of a fixed number of bytes in chunks that never move, so that growing costs one small
 * allocation however many rows there are, and one row lies in one or two cache lines.
 *
 * Members of a row are named by their index among the row's 32-bit words, 64-bit numbers or bytes.
 * Freed places form a stack: taken again in reverse order of being freed.
 */
export class Rows {
  readonly #stride: number;
  readonly #chunks: Chunk[] = [];
  #places = 0;
  #live = 0;
  #free = NONE;

  /** @param stride bytes of a row, a multiple of 8 */
  constructor(stride: number) {
    this.#stride = stride;
  }

  /** Places that are or were in use; all below it can be read. */
  get places(): number {
    return this.#places;
  }

  get live(): number {
    return this.#live;
  }

  /** Takes a place; what it contains is undefined. */
  take(): number {
    this.#live++;
    if (this.#free !== NONE) {
      const place = this.#free;
      this.#free = this.word(place, 0);
      return place;
    }
    const place = this.#places++;
    if ((place & PLACE_IN_CHUNK) === 0) this.#grow();
    return place;
  }

  /** Gives a place back. Its first word is overwritten, the rest stays as it is. */
  release(place: number): void {
    this.setWord(place, 0, this.#free);
    this.#free = place;
    this.#live--;
  }

  word(place: number, index: number): number {
    const words = this.#chunk(place).words;
    return words[this.#start(place, WORD_BYTES) + index] ?? 0;
  }

  setWord(place: number, index: number, value: number): void {
    this.#chunk(place).words[this.#start(place, WORD_BYTES) + index] = value;
  }

  number(place: number, index: number): number {
    const numbers = this.#chunk(place).numbers;
    return numbers[this.#start(place, NUMBER_BYTES) + index] ?? 0;
  }

  setNumber(place: number, index: number, value: number): void {
    this.#chunk(place).numbers[this.#start(place, NUMBER_BYTES) + index] = value;
  }

  /** The bytes among which the row lies, from `firstByte(place)` on. */
  bytes(place: number): Uint8Array {
    return this.#chunk(place).bytes;
  }

  firstByte(place: number): number {
    return this.#start(place, 1);
  }

  #start(place: number, unit: number): number {
    return ((place & PLACE_IN_CHUNK) * this.#stride) / unit;
  }

  #chunk(place: number): Chunk {
    const chunk = this.#chunks[place >>> CHUNK_BITS];
    if (chunk === undefined) throw new RangeError(`there is no place ${place}`);
    return chunk;
  }

  #grow(): void {
    const buffer = new ArrayBuffer(CHUNK_ROWS * this.#stride);
    this.#chunks.push({
      bytes: new Uint8Array(buffer),
      words: new Uint32Array(buffer),
      numbers: new Float64Array(buffer),
    });
  }
}
