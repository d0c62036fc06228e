import type { Rows } from "./rows.ts";

/** Writes short text into bytes, or declines. */
export interface TextCodec {
  /** Characters that fit into this many bytes. */
  capacity(bytes: number): number;
  /** False if the text has a character that the codec lacks; the bytes are then undefined. */
  encode(text: string, bytes: Uint8Array, at: number): boolean;
  decode(bytes: Uint8Array, at: number, length: number): string;
  /** Whether the bytes are those of this text, its length being right. */
  holds(text: string, bytes: Uint8Array, at: number): boolean;
}

const LAST_ASCII = 0x7f;
const decoder = new TextDecoder();

/** One byte a character. */
export const ascii: TextCodec = {
  capacity: (bytes) => bytes,
  encode(text, bytes, at) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > LAST_ASCII) return false;
      bytes[at + i] = code;
    }
    return true;
  },
  decode: (bytes, at, length) => decoder.decode(bytes.subarray(at, at + length)),
  holds(text, bytes, at) {
    let i = 0;
    while (i < text.length && text.charCodeAt(i) === bytes[at + i]) i++;
    return i === text.length;
  },
};

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ALPHABET_CODES = Uint8Array.from(ALPHABET, (char) => char.charCodeAt(0));
const NOT_IN_ALPHABET = 0xff;
const VALUES = new Uint8Array(128).fill(NOT_IN_ALPHABET);
for (const [value, code] of ALPHABET_CODES.entries()) VALUES[code] = value;

/**
 * Six bits a character of base64url text. Characters are kept, not the bytes they stand for: the
 * first 22 of a longer token need not be canonical, and must come back as they were.
 */
export const base64urlText: TextCodec = {
  capacity: (bytes) => Math.floor((bytes * 8) / 6),
  encode(text, bytes, at) {
    let held = 0;
    let bits = 0;
    let next = at;
    for (let i = 0; i < text.length; i++) {
      const value = VALUES[text.charCodeAt(i)] ?? NOT_IN_ALPHABET;
      if (value === NOT_IN_ALPHABET) return false;
      held = ((held << 6) | value) & 0x3fff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[next++] = held >>> bits;
      }
    }
    if (bits > 0) bytes[next] = held << (8 - bits);
    return true;
  },
  decode(bytes, at, length) {
    const codes = new Uint8Array(length);
    let held = 0;
    let bits = 0;
    let next = at;
    for (let i = 0; i < length; i++) {
      if (bits < 6) {
        held = ((held << 8) | (bytes[next++] ?? 0)) & 0x3fff;
        bits += 8;
      }
      bits -= 6;
      codes[i] = ALPHABET_CODES[(held >>> bits) & 0x3f] ?? 0;
    }
    return decoder.decode(codes);
  },
  holds(text, bytes, at) {
    let held = 0;
    let bits = 0;
    let next = at;
    for (let i = 0; i < text.length; i++) {
      if (bits < 6) {
        held = ((held << 8) | (bytes[next++] ?? 0)) & 0x3fff;
        bits += 8;
      }
      bits -= 6;
      if (text.charCodeAt(i) !== ALPHABET_CODES[(held >>> bits) & 0x3f]) return false;
    }
    return true;
  },
};

const ELSEWHERE = 0xff;

/** A text member of rows: within the row if it fits, which nearly all do, else in a map beside. */
export class TextMember {
  readonly #rows: Rows;
  readonly #offset: number;
  readonly #codec: TextCodec;
  readonly #capacity: number;
  readonly #elsewhere = new Map<number, string>();

  /** @param width bytes of the row that the member takes, its length byte included; at most 255 */
  constructor(rows: Rows, offset: number, width: number, codec: TextCodec) {
    this.#rows = rows;
    this.#offset = offset;
    this.#codec = codec;
    this.#capacity = codec.capacity(width - 1);
  }

  /** @param like is returned if it is the same text, which spares making a new one */
  read(place: number, like?: string): string {
    const bytes = this.#rows.bytes(place);
    const at = this.#rows.firstByte(place) + this.#offset;
    const length = bytes[at] ?? 0;
    if (length === ELSEWHERE) return this.#elsewhere.get(place) ?? "";
    if (like?.length === length && this.#codec.holds(like, bytes, at + 1)) return like;
    return this.#codec.decode(bytes, at + 1, length);
  }

  /** For a place that has been taken anew and holds nothing yet. */
  init(place: number): void {
    this.#rows.bytes(place)[this.#rows.firstByte(place) + this.#offset] = 0;
  }

  write(place: number, text: string): void {
    const bytes = this.#rows.bytes(place);
    const at = this.#rows.firstByte(place) + this.#offset;
    if (bytes[at] === ELSEWHERE) this.#elsewhere.delete(place);
    const fits = text.length <= this.#capacity && this.#codec.encode(text, bytes, at + 1);
    bytes[at] = fits ? text.length : ELSEWHERE;
    if (!fits) this.#elsewhere.set(place, text);
  }
}
