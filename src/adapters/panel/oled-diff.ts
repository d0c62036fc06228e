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
 * The first columns of a page that have to be sent. Unchanged ones within are sent along where all
 * that has changed costs no more that way.
 *
 * @param held what the display holds of this page, `UNKNOWN` where nobody knows
 * @param wanted as many bytes
 */
export function firstChangedRun(held: Int16Array, wanted: Uint8Array): Run | undefined {
  const stretches = changedStretches(held, wanted);
  let best: { readonly run: Run; readonly bytes: number } | undefined;
  /** What the stretches from each one on cost at least; none cost nothing. */
  const costs = new Array<number>(stretches.length).fill(0).concat(0);
  for (let from = stretches.length - 1; from >= 0; from--) {
    best = undefined;
    for (const [to, { end }] of stretches.entries()) {
      if (to < from) continue;
      const run = { first: stretches[from]?.first ?? 0, end };
      const bytes = wireBytes(end - run.first) + (costs[to + 1] ?? 0);
      if (best === undefined || bytes <= best.bytes) best = { run, bytes };
    }
    costs[from] = best?.bytes ?? 0;
  }
  return best?.run;
}

/** Columns of which all have changed, in order. */
function changedStretches(held: Int16Array, wanted: Uint8Array): Run[] {
  const found: Run[] = [];
  let first: number | undefined;
  for (let column = 0; column <= wanted.length; column++) {
    const changed = column < wanted.length && held[column] !== wanted[column];
    if (changed) first ??= column;
    else if (first !== undefined) {
      found.push({ first, end: column });
      first = undefined;
    }
  }
  return found;
}
