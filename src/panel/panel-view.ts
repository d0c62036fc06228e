import { MINUTE_MS, SECOND_MS } from "../domain/units.ts";
import { holdActionOf, nextHoldTier } from "./hold-tiers.ts";
import {
  brightnessOf,
  countsDown,
  type Overlay,
  type PanelState,
  reachablePages,
} from "./panel-state.ts";
import type { Brightness, Screen } from "./screen.ts";

/** How far the picture is moved to the right and down, in pixels, so that none of them burns in. */
export interface PictureShift {
  readonly x: number;
  readonly y: number;
}

export interface PanelView {
  readonly screen: Screen;
  readonly brightness: Brightness;
  readonly shift: PictureShift;
}

/** One after the other; a step is one pixel, hardly seen. */
const SHIFTS: readonly PictureShift[] = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 2, y: 0 },
  { x: 2, y: 1 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

/** How long the picture stays where it is: to move it costs the bus as much as five changes of the count. */
export const SHIFT_EVERY_MS = 2 * MINUTE_MS;

/**
 * What the panel shows as of its last step. Countdowns are in whole seconds; only `sinceMs` of a page
 * grows with every millisecond, so that whoever scrolls long text asks as often as that needs.
 */
export function viewOf(state: PanelState): PanelView {
  return { screen: screenOf(state), brightness: brightnessOf(state), shift: shiftOf(state.atMs) };
}

function screenOf(state: PanelState): Screen {
  if (state.ending) return { kind: state.ending };
  if (state.press && countsDown(state)) return holding(state.press.heldMs);
  if (state.overlay) return overlaid(state.overlay, state.atMs);
  const page = state.pages[state.position];
  if (!page || !reachablePages(state).includes(state.position)) return { kind: "starting" };
  return {
    kind: "page",
    name: page.name,
    position: state.position,
    pages: state.pages.length,
    sinceMs: state.atMs - state.pageSinceMs,
  };
}

function holding(heldMs: number): Screen {
  const next = nextHoldTier(heldMs);
  return {
    kind: "holding",
    heldMs,
    action: holdActionOf(heldMs),
    next: next.action,
    nextInMs: next.fromMs - heldMs,
  };
}

function overlaid(overlay: Overlay, atMs: number): Screen {
  const remainingMs = Math.ceil((overlay.untilMs - atMs) / SECOND_MS) * SECOND_MS;
  switch (overlay.kind) {
    case "code":
      return { kind: "code", code: overlay.code, remainingMs };
    case "message":
      return { kind: "message", title: overlay.title, detail: overlay.detail };
    case "confirm-reset":
    case "restart-offer":
      return { kind: overlay.kind, remainingMs };
  }
}

function shiftOf(atMs: number): PictureShift {
  return SHIFTS[Math.floor(atMs / SHIFT_EVERY_MS) % SHIFTS.length] ?? { x: 0, y: 0 };
}
