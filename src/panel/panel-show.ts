import { SECOND_MS } from "../domain/units.ts";
import type { PanelPage } from "./panel-pages.ts";
import { hasFault, type Overlay, type PanelState, turningPages } from "./panel-state.ts";

/** How long a message stands unless a tap takes it away. */
const MESSAGE_MS = 10 * SECOND_MS;

/** Shows this page from now on, and lets the pages turn by themselves again. */
export function showPage(state: PanelState, position: number): PanelState {
  return { ...state, position, pageSinceMs: state.atMs, tappedMs: null };
}

/** Shows something in front of the pages, or the pages again. */
export function showOverlay(state: PanelState, overlay: Overlay | null): PanelState {
  return relit(withoutTap({ ...state, overlay }));
}

export function showCode(state: PanelState, code: string, untilMs: number): PanelState {
  return untilMs > state.atMs ? showOverlay(state, { kind: "code", code, untilMs }) : state;
}

/** A tap that was meant for what was shown before must not act on something else. */
function withoutTap(state: PanelState): PanelState {
  return state.press ? { ...state, press: { ...state.press, tap: "nothing" } } : state;
}

/** @param title at most 20 characters in capitals */
export function showMessage(state: PanelState, title: string, detail: string): PanelState {
  return showOverlay(state, { kind: "message", title, detail, untilMs: state.atMs + MESSAGE_MS });
}

/** The times until the next page, and until the display dims and turns off, begin anew. */
export function relit(state: PanelState): PanelState {
  return { ...state, pageSinceMs: state.atMs, litSinceMs: state.atMs };
}

/** The host serves: all pages are there to see. */
export function beginServing(state: PanelState): PanelState {
  if (state.serving) return state;
  const serving = relit({ ...state, serving: true });
  return showPage(serving, turningPages(serving)[0] ?? 0);
}

/**
 * Takes the pages there are now. A new fault is shown at once and lights the display; what newly
 * wants attention is shown too, but may remain in the dark. Otherwise the page shown stays.
 */
export function setPages(before: PanelState, pages: readonly PanelPage[]): PanelState {
  const state = { ...before, pages };
  const fault = firstNew(before.pages, pages, "fault");
  if (fault !== null) return showFault(state, fault);
  const lit = hasFault(before) && !hasFault(state) ? relit(state) : state;
  const attention = firstNew(before.pages, pages, "attention");
  if (attention !== null && mayShow(lit, attention)) return showPage(lit, attention);
  const shown = before.pages[before.position]?.key;
  const position = pages.findIndex(({ key }) => key === shown);
  if (position >= 0 && (lit.tappedMs !== null || turningPages(lit).includes(position))) {
    return { ...lit, position };
  }
  return showPage(lit, turningPages(lit)[0] ?? 0);
}

function showFault(state: PanelState, position: number): PanelState {
  // What stands in front of the pages is still what a tap is meant for.
  return showPage(relit(state.overlay ? state : withoutTap(state)), position);
}

function firstNew(
  before: readonly PanelPage[],
  pages: readonly PanelPage[],
  level: PanelPage["level"],
): number | null {
  const known = new Set(before.map(({ key }) => key));
  const place = pages.findIndex((page) => page.level === level && !known.has(page.key));
  return place < 0 ? null : place;
}

/** Somebody who turns the pages is not interrupted by less than a fault. */
function mayShow(state: PanelState, position: number): boolean {
  return state.tappedMs === null && turningPages(state).includes(position);
}
