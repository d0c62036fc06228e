import { MOST_BLOCK_BYTES } from "./oled-commands.ts";

/** What a display holds is compared as numbers, so that this one differs from every byte. */
export const UNKNOWN = -1;

/** Columns of one page, `end` excluded. */
export interface Run {
  readonly first: number;
  readonly end: number;
}

/** Every block begins with the device's address and with what its bytes are. */
const BLOCK_BYTES = 2;
const ADDRESS_BYTES = BLOCK_BYTES + 3;

/** Bytes on the wire that it takes to send so many columns of one page. */
export function wireBytes(columns: number): number {
  return ADDRESS_BYTES + columns + BLOCK_BYTES * Math.ceil(columns / MOST_BLOCK_BYTES);
}

/**
 * The first columns of a page that have to be sent. Unchanged ones within are sent along where that
 * is no dearer than to begin anew after them.
 *
 * @param held what the display holds of this page, `UNKNOWN` where nobody knows
 * @param wanted as many bytes
 */
export function firstChangedRun(held: Int16Array, wanted: Uint8Array): Run | undefined {
  let run = nextStretch(held, wanted, 0);
  while (run) {
    const next = nextStretch(held, wanted, run.end);
    if (!next) return run;
    const together = wireBytes(next.end - run.first);
    if (together > wireBytes(run.end - run.first) + wireBytes(next.end - next.first)) return run;
    run = { first: run.first, end: next.end };
  }
  return undefined;
}

/** The next columns of which all have changed. */
function nextStretch(held: Int16Array, wanted: Uint8Array, from: number): Run | undefined {
  let first = from;
  while (first < wanted.length && held[first] === wanted[first]) first++;
  if (first === wanted.length) return undefined;
  let end = first + 1;
  while (end < wanted.length && held[end] !== wanted[end]) end++;
  return { first, end };
}
