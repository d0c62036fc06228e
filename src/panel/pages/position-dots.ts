import { fillArea } from "../drawing/shapes.ts";
import type { Framebuffer } from "../framebuffer.ts";

/** Columns that the dots take at the right, with the gap before them. */
export const DOTS_COLUMNS = 5;
const DOT_COLUMNS = 2;
const ACTIVE_ROWS = 3;
const LARGEST_PITCH = 5;
const SMALLEST_PITCH = 2;

/** A column of dots at the right edge, one for each page; where they are too many, a slider. */
export function drawPositionDots(
  target: Framebuffer,
  right: number,
  position: number,
  pages: number,
): void {
  if (pages < 2) return;
  const room = target.height - 2;
  const x = right - DOT_COLUMNS;
  const pitch = Math.min(LARGEST_PITCH, room / pages);
  const top = Math.floor((room - pitch * pages) / 2);
  const topOf = (page: number) => Math.min(top + Math.floor(page * pitch), room - ACTIVE_ROWS);
  for (let page = 0; page < pages && pitch >= SMALLEST_PITCH; page++) {
    fillArea(target, { x: x + 1, y: topOf(page) + 1, width: 1, height: 1 });
  }
  const active = Math.min(Math.max(0, position), pages - 1);
  fillArea(target, { x, y: topOf(active), width: DOT_COLUMNS, height: ACTIVE_ROWS });
}
