import { SECOND_MS } from "../domain/units.ts";
import { holdActionOf, STUCK_AFTER_MS } from "./hold-tiers.ts";
import type { HoldAction } from "./screen.ts";

/** How long a contact must rest before what it says counts. */
const SETTLED_AFTER_MS = 30;
/** Whoever steps later than this has shown no countdown meanwhile, and may have missed a release. */
const LATE_AFTER_MS = 500;

/** Times are monotonic milliseconds; fractions are dropped. */
export type ButtonInput =
  /** The contact was read after an edge: bounces included, and the same reading twice as well. */
  | { readonly kind: "contact"; readonly pressed: boolean; readonly atMs: number }
  /** Whether the button can be read. A contact told before that was down from the start. */
  | { readonly kind: "condition"; readonly present: boolean; readonly atMs: number }
  | { readonly kind: "time"; readonly atMs: number };

export type ButtonEvent =
  | { readonly kind: "pressed" }
  /** At each whole second of a press. */
  | { readonly kind: "held"; readonly heldMs: number }
  /** From the first edge of the press to the first edge of the release. */
  | { readonly kind: "released"; readonly heldMs: number; readonly action: HoldAction }
  /** The press that was begun will not act: nobody knows whether it went on. */
  | { readonly kind: "voided" }
  | { readonly kind: "stuck" }
  /** A stuck button was let go, or cannot be read any more. */
  | { readonly kind: "freed" };

type Press =
  | { readonly kind: "counting"; readonly sinceMs: number; readonly toldMs: number }
  | { readonly kind: "void"; readonly sinceMs: number; readonly stuck: boolean };

/** Edges that no rest of the contact has followed yet. */
interface Unrest {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly inDoubt: boolean;
}

export interface ButtonState {
  readonly present: boolean;
  /** As last told. */
  readonly contact: boolean;
  readonly unrest: Unrest | null;
  /** Null while the button is up. */
  readonly press: Press | null;
}

export interface ButtonStep {
  readonly state: ButtonState;
  readonly events: readonly ButtonEvent[];
}

export const UNKNOWN_BUTTON: ButtonState = {
  present: false,
  contact: false,
  unrest: null,
  press: null,
};

/**
 * Debounces a contact and measures how long it is held. A press counts only if it began while the
 * button could be read and if the machine was stepped on time until it ended: a press in doubt, such
 * as one that was there at the start, is ignored until it is let go.
 */
export function stepButton(state: ButtonState, input: ButtonInput): ButtonStep {
  const atMs = Math.floor(input.atMs);
  const heeded = heedDelay(state, atMs);
  const timed = passTime(heeded.state, atMs);
  const applied = apply(timed.state, input, atMs);
  return {
    state: applied.state,
    events: [...heeded.events, ...timed.events, ...applied.events],
  };
}

/** When to step next if nothing happens before; null if there is no need to. */
export function buttonDueMs({ unrest, press }: ButtonState): number | null {
  if (unrest) return unrest.lastMs + SETTLED_AFTER_MS;
  if (!press) return null;
  const stuckMs = press.sinceMs + STUCK_AFTER_MS + 1;
  if (press.kind === "void") return press.stuck ? null : stuckMs;
  return Math.min(press.sinceMs + press.toldMs + SECOND_MS, stuckMs);
}

/** Voids a press if this step comes too late to know what happened meanwhile. */
export function heedDelay(state: ButtonState, atMs: number): ButtonStep {
  const dueMs = buttonDueMs(state);
  if (dueMs === null || atMs <= dueMs + LATE_AFTER_MS) return { state, events: [] };
  const { press } = state;
  const unrest = state.unrest && { ...state.unrest, inDoubt: true };
  if (press?.kind !== "counting") return { state: { ...state, unrest }, events: [] };
  return {
    state: { ...state, unrest, press: { kind: "void", sinceMs: press.sinceMs, stuck: false } },
    events: [{ kind: "voided" }],
  };
}

function apply(state: ButtonState, input: ButtonInput, atMs: number): ButtonStep {
  switch (input.kind) {
    case "time":
      return { state, events: [] };
    case "contact": {
      const unrest = state.unrest
        ? { ...state.unrest, lastMs: atMs }
        : { firstMs: atMs, lastMs: atMs, inDoubt: !state.present };
      return { state: { ...state, contact: input.pressed, unrest }, events: [] };
    }
    case "condition":
      if (input.present) return { state: { ...state, present: true }, events: [] };
      return { state: UNKNOWN_BUTTON, events: lost(state.press) };
  }
}

function lost(press: Press | null): readonly ButtonEvent[] {
  if (press?.kind === "counting") return [{ kind: "voided" }];
  return press?.stuck ? [{ kind: "freed" }] : [];
}

function passTime(state: ButtonState, atMs: number): ButtonStep {
  // While the contact bounces nobody knows whether it is still held.
  if (state.unrest && atMs < state.unrest.lastMs + SETTLED_AFTER_MS) return { state, events: [] };
  const settled = state.unrest ? settle(state, state.unrest) : { state, events: [] };
  const held = hold(settled.state, atMs);
  return { state: held.state, events: [...settled.events, ...held.events] };
}

function settle(state: ButtonState, { firstMs, inDoubt }: Unrest): ButtonStep {
  const { press, contact } = state;
  const rested = { ...state, unrest: null };
  if (contact === (press !== null)) return { state: rested, events: [] };
  if (!press) {
    return inDoubt
      ? {
          state: { ...rested, press: { kind: "void", sinceMs: firstMs, stuck: false } },
          events: [],
        }
      : {
          state: { ...rested, press: { kind: "counting", sinceMs: firstMs, toldMs: 0 } },
          events: [{ kind: "pressed" }],
        };
  }
  const up = { ...rested, press: null };
  if (press.kind === "void") return { state: up, events: lost(press) };
  const heldMs = firstMs - press.sinceMs;
  return { state: up, events: [{ kind: "released", heldMs, action: holdActionOf(heldMs) }] };
}

function hold(state: ButtonState, atMs: number): ButtonStep {
  const { press } = state;
  if (!press || (press.kind === "void" && press.stuck)) return { state, events: [] };
  const { sinceMs } = press;
  const heldMs = atMs - sinceMs;
  if (heldMs > STUCK_AFTER_MS) {
    return {
      state: { ...state, press: { kind: "void", sinceMs, stuck: true } },
      events: [{ kind: "stuck" }],
    };
  }
  const toldMs = Math.floor(heldMs / SECOND_MS) * SECOND_MS;
  if (press.kind === "void" || toldMs <= press.toldMs) return { state, events: [] };
  return {
    state: { ...state, press: { ...press, toldMs } },
    events: [{ kind: "held", heldMs: toldMs }],
  };
}
