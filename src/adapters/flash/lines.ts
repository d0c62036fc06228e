import { crc32 } from "node:zlib";
import type { FlashFile } from "./flash-fs.ts";

/**
 * The form of every line in the state's files: the CRC-32 of the rest as 8 hexadecimal digits, a
 * space, one JSON value, a line feed. Readable in an editor; damage is found line by line.
 */
export function encodeLine(json: string): string {
  return `${hex(crc32(json))} ${json}\n`;
}

/** A CRC-32 as it stands in the files. */
export function hex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}

/** One line as found in a file, with the position of its first byte and of the byte after it. */
export interface Line {
  /** The JSON text; undefined if the line is damaged or has no end. */
  readonly json: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Counted from 1, as editors do. */
  readonly number: number;
}

/** Longer ones count as damaged; without a limit, a damaged file could fill the memory. */
export const LONGEST_LINE_BYTES = 16 << 20;

/**
 * Read at once. The ledger sorts after each batch, so few large ones load fastest; what is parsed
 * from one need not be kept.
 */
const BATCH_BYTES = 32 << 20;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const PREFIX = 9;

/** A piece of a file that ends with a line's end or with the file's. */
export class LineBatch {
  readonly bytes: Buffer;
  /** Position in the file. */
  readonly start: number;
  readonly #firstNumber: number;
  #count = 0;

  constructor(bytes: Buffer, start: number, firstNumber: number) {
    this.bytes = bytes;
    this.start = start;
    this.#firstNumber = firstNumber;
  }

  /** Number of the line after the last one that `lines` told. */
  get nextNumber(): number {
    return this.#firstNumber + this.#count;
  }

  /** @param check whether each line's checksum is verified, which one over the whole file can replace */
  *lines(check: boolean): Generator<Line, void> {
    const { bytes, start } = this;
    for (let from = 0; from < bytes.length; this.#count++) {
      const feed = bytes.indexOf(LINE_FEED, from);
      const end = feed < 0 ? bytes.length : feed + 1;
      const json = feed < 0 ? undefined : decodeLine(bytes, from, feed, check);
      yield { json, start: start + from, end: start + end, number: this.nextNumber };
      from = end;
    }
  }
}

function decodeLine(bytes: Buffer, from: number, feed: number, check: boolean): string | undefined {
  const at = from + PREFIX;
  if (feed <= at || bytes[at - 1] !== SPACE) return undefined;
  if (check && crc32(bytes.subarray(at, feed)) !== parseHex(bytes, from)) return undefined;
  return bytes.toString("utf8", at, feed);
}

/** The number that 8 hexadecimal digits tell; -1 if they are none. */
function parseHex(bytes: Buffer, from: number): number {
  let value = 0;
  for (let at = from; at < from + PREFIX - 1; at++) {
    const code = bytes[at] ?? 0;
    let digit = -1;
    if (code >= 0x30 && code <= 0x39) digit = code - 0x30;
    else if (code >= 0x61 && code <= 0x66) digit = code - 0x61 + 10;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** Hands on all lines up to the end of the file or to byte `end`, batch by batch. */
export async function readLines(
  file: FlashFile,
  take: (batch: LineBatch) => void,
  end = Number.POSITIVE_INFINITY,
  batchBytes = BATCH_BYTES,
): Promise<void> {
  const size = Math.min(await file.size(), end);
  let carry: Buffer = Buffer.alloc(0);
  let nextNumber = 1;
  for (let position = 0; position < size || carry.length > 0; ) {
    const wanted = Math.min(batchBytes, size - position);
    const data = Buffer.allocUnsafe(carry.length + wanted);
    carry.copy(data);
    const got = await readFully(file, data.subarray(carry.length), position);
    const filled = data.subarray(0, carry.length + got);
    const start = position - carry.length;
    position = got < wanted ? size : position + got;
    const whole = position >= size || filled.length > LONGEST_LINE_BYTES + batchBytes;
    const cut = whole ? filled.length : filled.lastIndexOf(LINE_FEED) + 1;
    const batch = new LineBatch(filled.subarray(0, cut), start, nextNumber);
    if (cut > 0) take(batch);
    nextNumber = batch.nextNumber;
    carry = filled.subarray(cut);
  }
}

async function readFully(file: FlashFile, into: Buffer, position: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const got = await file.read(into.subarray(done), position + done);
    if (got === 0) break;
    done += got;
  }
  return done;
}
