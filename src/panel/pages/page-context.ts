import type { PanelFacts } from "../facts.ts";
import type { Framebuffer } from "../framebuffer.ts";

/** The first column of a page; the picture moves by one pixel to the left against burn-in. */
export const LEFT = 1;
/** Columns that stay dark at the right; the picture moves by two pixels to the right. */
export const RIGHT_MARGIN = 2;

/** What a page draws on and what it tells. Pages begin at column `LEFT` and leave the last row dark. */
export interface PageContext {
  readonly target: Framebuffer;
  readonly facts: PanelFacts;
  /** How long the page has been shown. */
  readonly sinceMs: number;
  /** Columns from `LEFT`. */
  readonly width: number;
}

/** The first row of a line of text: lines of eight rows are what a display takes as one. */
export function lineTop(line: number): number {
  return line * 8;
}

/** Displays of 64 rows have room for what those of 32 leave out. */
export function isTall({ target }: PageContext): boolean {
  return target.height >= 64;
}

/** How far down within its lines a text begins that is drawn at a scale. */
export function scaledTop(line: number, scale: number): number {
  return lineTop(line) + Math.floor(scale / 2);
}
