import type { Framebuffer } from "../framebuffer.ts";

/** A rectangle of pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From this height on there is room for a dark line between a bar's frame and its filling. */
const ROWS_WITH_GAP = 7;

export function fillArea(target: Framebuffer, area: Area, lit = true): void {
  forEachPixel(area, (x, y) => target.set(x, y, lit));
}

/** Swaps lit and dark. */
export function invertArea(target: Framebuffer, area: Area): void {
  forEachPixel(area, (x, y) => target.set(x, y, !target.get(x, y)));
}

/** An outline of one pixel, inside of the area. */
export function drawFrame(target: Framebuffer, { x, y, width, height }: Area): void {
  fillArea(target, { x, y, width, height: 1 });
  fillArea(target, { x, y: y + height - 1, width, height: 1 });
  fillArea(target, { x, y, width: 1, height });
  fillArea(target, { x: x + width - 1, y, width: 1, height });
}

/** A frame filled from the left; `fraction` is held to 0 to 1. */
export function drawBar(target: Framebuffer, area: Area, fraction: number): void {
  drawFrame(target, area);
  const inset = area.height >= ROWS_WITH_GAP ? 2 : 1;
  const inner = insetArea(area, inset);
  fillArea(target, { ...inner, width: filledColumns(fraction, inner.width) });
}

/** Columns of a filling: none only at nothing, and all only at the whole. */
export function filledColumns(fraction: number, width: number): number {
  if (!(fraction > 0)) return 0;
  if (fraction >= 1) return width;
  return Math.min(Math.max(1, Math.floor(fraction * width)), width - 1);
}

export function insetArea({ x, y, width, height }: Area, by: number): Area {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

function forEachPixel({ x, y, width, height }: Area, visit: (x: number, y: number) => void) {
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) visit(x + column, y + row);
  }
}
