/** The 128 bits of a CMID. */
export type CmidWords = Uint32Array;

const HYPHEN = 0x2d;
const DIGITS = Uint8Array.from("0123456789abcdef", (char) => char.charCodeAt(0));
const NOT_A_DIGIT = 0xff;
const VALUES = new Uint8Array(128).fill(NOT_A_DIGIT);
for (const [value, code] of DIGITS.entries()) VALUES[code] = value;
const TEXT_LENGTH = 36;
const DIGITS_PER_WORD = 8;

/** Parses a lower-case UUID into `into`. False if the text is anything else. */
export function parseCmid(text: string, into: CmidWords): boolean {
  if (text.length !== TEXT_LENGTH) return false;
  let digits = 0;
  let word = 0;
  for (let i = 0; i < TEXT_LENGTH; i++) {
    const code = text.charCodeAt(i);
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (code !== HYPHEN) return false;
      continue;
    }
    const value = VALUES[code] ?? NOT_A_DIGIT;
    if (value === NOT_A_DIGIT) return false;
    word = (word << 4) | value;
    digits++;
    if (digits % DIGITS_PER_WORD === 0) into[digits / DIGITS_PER_WORD - 1] = word;
  }
  return true;
}

/** The lower-case UUID of four words. */
export function formatCmid(w0: number, w1: number, w2: number, w3: number): string {
  const codes: number[] = [];
  pushDigits(codes, w0, 28, 0);
  codes.push(HYPHEN);
  pushDigits(codes, w1, 28, 16);
  codes.push(HYPHEN);
  pushDigits(codes, w1, 12, 0);
  codes.push(HYPHEN);
  pushDigits(codes, w2, 28, 16);
  codes.push(HYPHEN);
  pushDigits(codes, w2, 12, 0);
  pushDigits(codes, w3, 28, 0);
  return String.fromCharCode(...codes);
}

function pushDigits(codes: number[], word: number, from: number, to: number): void {
  for (let shift = from; shift >= to; shift -= 4) codes.push(DIGITS[(word >>> shift) & 0xf] ?? 0);
}

/** Mixes 128 bits and a seed into 32, by the steps of MurmurHash3 (x86, 32 bits). */
export function hashCmid(words: CmidWords, seed: number): number {
  let hash = seed;
  for (let i = 0; i < 4; i++) {
    let word = Math.imul(words[i] ?? 0, 0xcc9e2d51);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
