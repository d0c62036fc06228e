import { SECOND_MS } from "../domain/units.ts";
import { buttonDueMs } from "./button.ts";
import {
  brightnessOf,
  mayDarken,
  type Overlay,
  type PanelState,
  resumeDueMs,
  showsPages,
  turningPages,
} from "./panel-state.ts";
import { SHIFT_EVERY_MS } from "./panel-view.ts";

/**
 * When to step the panel next if nothing happens before, monotonic; null if there is no need to. The
 * view changes at these times only, but for `sinceMs` of a page.
 */
export function nextDueMs(state: PanelState): number | null {
  if (state.ending === "stopped") return null;
  const due = [buttonDueMs(state.button), overlayDueMs(state), pageDueMs(state), ...dimDues(state)];
  if (brightnessOf(state) !== "off") due.push(nextMultiple(state.atMs, SHIFT_EVERY_MS));
  return due.reduce(earlier, null);
}

function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function overlayDueMs({ overlay, atMs }: PanelState): number | null {
  if (!overlay) return null;
  return countsSeconds(overlay) ? nextSecond(overlay.untilMs, atMs) : overlay.untilMs;
}

function countsSeconds({ kind }: Overlay): boolean {
  return kind !== "message";
}

/** The next moment at which a whole number of seconds remains. */
function nextSecond(untilMs: number, atMs: number): number {
  const left = Math.ceil((untilMs - atMs) / SECOND_MS) - 1;
  return untilMs - left * SECOND_MS;
}

function pageDueMs(state: PanelState): number | null {
  if (!showsPages(state)) return null;
  if (state.tappedMs !== null) return resumeDueMs(state);
  return turningPages(state).length > 1 ? state.pageSinceMs + state.options.pageMs : null;
}

function dimDues(state: PanelState): number[] {
  if (!mayDarken(state)) return [];
  const { dimAfterMs, offAfterMs } = state.options;
  return [dimAfterMs, offAfterMs]
    .filter((afterMs) => afterMs > 0)
    .map((afterMs) => state.litSinceMs + afterMs)
    .filter((dueMs) => dueMs > state.atMs);
}

function nextMultiple(atMs: number, ofMs: number): number {
  return (Math.floor(atMs / ofMs) + 1) * ofMs;
}
