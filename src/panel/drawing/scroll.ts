import type { Framebuffer } from "../framebuffer.ts";
import { drawText, textWidth } from "./text.ts";

/** How long a scrolled text rests at each end. */
const REST_MS = 1000;
/** 24 pixels a second, in few and larger steps: each costs a line's bytes on the bus. */
const STEP_MS = 250;
const STEP_PIXELS = 6;
/** Long enough to read a line of the panel's width. */
const LINE_MS = 2000;

/**
 * How far a text has moved to the left that is `overflow` pixels too long, `sinceMs` after it
 * appeared. It rests at its beginning, moves, rests at its end and begins anew.
 */
export function scrollOffset(sinceMs: number, overflow: number): number {
  if (overflow <= 0) return 0;
  const steps = Math.ceil(overflow / STEP_PIXELS);
  const cycleMs = REST_MS + steps * STEP_MS + REST_MS;
  const movedMs = positive(sinceMs) % cycleMs;
  if (movedMs < REST_MS) return 0;
  const step = Math.floor((movedMs - REST_MS) / STEP_MS) + 1;
  return Math.min(overflow, step * STEP_PIXELS);
}

/** Which of too many lines stands first, `sinceMs` after they appeared: one further each time. */
export function scrolledLine(sinceMs: number, lines: number, visible: number): number {
  const overflow = lines - visible;
  if (overflow <= 0) return 0;
  return Math.floor(positive(sinceMs) / LINE_MS) % (overflow + 1);
}

/** A line of text, scrolled within its columns where it is too long for them. */
export function drawScrolling(
  target: Framebuffer,
  text: string,
  x: number,
  y: number,
  width: number,
  sinceMs: number,
): void {
  const offset = scrollOffset(sinceMs, textWidth(text) - width);
  drawText(target, text, x - offset, y, { clip: { from: x, to: x + width } });
}

function positive(ms: number): number {
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
