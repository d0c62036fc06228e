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

const CHUNK_BYTES = 1 << 20;
/** No line is longer than this; without a limit, a damaged file could fill the memory. */
export const LONGEST_LINE_BYTES = 16 << 20;
const LINE_FEED = 0x0a;
const PREFIX = 9;

/** Tells whether to go on. Called in a tight loop, hence not an iterator. */
export type LineVisitor = (line: Line, bytes: Buffer) => boolean;

/**
 * Visits every line up to the end of the file or to byte `end`, reading in large pieces.
 *
 * The visitor also gets the line's raw bytes, valid only during the call.
 */
export async function scanLines(
  file: FlashFile,
  visit: LineVisitor,
  end = Number.POSITIVE_INFINITY,
  chunkBytes = CHUNK_BYTES,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let carry: Buffer = Buffer.alloc(0);
  let position = 0;
  let number = 0;
  const emit = (bytes: Buffer, complete: boolean): boolean => {
    const start = position;
    position += bytes.length;
    number += 1;
    const json = complete ? decodeLine(bytes) : undefined;
    return visit({ json, start, end: position, number }, bytes);
  };
  for (let read = 0; ; ) {
    const wanted = Math.min(chunk.length, end - read);
    const got = wanted > 0 ? await file.read(chunk.subarray(0, wanted), read) : 0;
    if (got === 0) break;
    read += got;
    const data =
      carry.length > 0 ? Buffer.concat([carry, chunk.subarray(0, got)]) : chunk.subarray(0, got);
    let from = 0;
    for (
      let at = data.indexOf(LINE_FEED, carry.length);
      at >= 0;
      at = data.indexOf(LINE_FEED, from)
    ) {
      if (!emit(data.subarray(from, at + 1), true)) return;
      from = at + 1;
    }
    carry = Buffer.from(data.subarray(from));
    if (carry.length > LONGEST_LINE_BYTES) {
      if (!emit(carry, false)) return;
      carry = Buffer.alloc(0);
    }
  }
  if (carry.length > 0) emit(carry, false);
}

function decodeLine(bytes: Buffer): string | undefined {
  const end = bytes.length - 1;
  if (end <= PREFIX || bytes[PREFIX - 1] !== 0x20) return undefined;
  const stated = bytes.toString("latin1", 0, PREFIX - 1);
  if (hex(crc32(bytes.subarray(PREFIX, end))) !== stated) return undefined;
  return bytes.toString("utf8", PREFIX, end);
}
