/**
 * A key of a terminal held like a button. A terminal tells that a key went down, and again and again
 * while it stays down, but never that it came up: that has to be inferred from silence.
 */
export type KeyHold =
  | { readonly kind: "up" }
  | { readonly kind: "down"; readonly sinceMs: number; readonly lastMs: number };

export const KEY_UP: KeyHold = { kind: "up" };

/** Keyboards begin to repeat after 250 to 660 ms; until then a silence says nothing. */
const REPEAT_BEGINS_WITHIN_MS = 700;
/** Once it repeats, at 10 times a second or more, a longer silence is the key's release. */
const REPEATS_WITHIN_MS = 200;

/** The key was told, for the first time or by repetition. */
export function keyTold(state: KeyHold, atMs: number): KeyHold {
  return { kind: "down", sinceMs: state.kind === "down" ? state.sinceMs : atMs, lastMs: atMs };
}

/** When the key counts as released if nothing more is heard; undefined while it is up. */
export function releaseDueMs(state: KeyHold): number | undefined {
  if (state.kind === "up") return undefined;
  const repeats = state.lastMs > state.sinceMs;
  return state.lastMs + (repeats ? REPEATS_WITHIN_MS : REPEAT_BEGINS_WITHIN_MS);
}
