import type { Framebuffer } from "../framebuffer.ts";
import { GLYPH_ROWS, type Glyph, glyphsOf } from "./font.ts";

/** How a text is drawn. `clip` is the columns outside of which nothing is drawn. */
export interface TextStyle {
  /** A whole number; a glyph is 7 rows times this. */
  readonly scale?: number;
  /** False for dark text on a lit area. */
  readonly lit?: boolean;
  readonly clip?: { readonly from: number; readonly to: number };
}

/** Width in pixels; a gap of `scale` pixels stands between glyphs. */
export function textWidth(text: string, scale = 1): number {
  const glyphs = glyphsOf(text);
  const columns = glyphs.reduce((sum, glyph) => sum + glyph.length + 1, 0);
  return Math.max(0, columns - 1) * scale;
}

/** Rows in pixels. */
export function textHeight(scale = 1): number {
  return GLYPH_ROWS * scale;
}

/** The largest scale, down to 1, in which a text fits a width. */
export function fittingScale(text: string, width: number, largest: number): number {
  let scale = largest;
  while (scale > 1 && textWidth(text, scale) > width) scale--;
  return scale;
}

/** Draws from its top left and tells the column after its end. */
export function drawText(
  target: Framebuffer,
  text: string,
  x: number,
  y: number,
  style: TextStyle = {},
): number {
  const scale = style.scale ?? 1;
  let left = x;
  for (const glyph of glyphsOf(text)) {
    drawGlyph(target, glyph, left, y, style);
    left += (glyph.length + 1) * scale;
  }
  return left - scale;
}

/** Draws so that the text ends before column `right`. */
export function drawTextRight(
  target: Framebuffer,
  text: string,
  right: number,
  y: number,
  style: TextStyle = {},
): void {
  drawText(target, text, right - textWidth(text, style.scale), y, style);
}

/** Draws in the middle of the columns from `left`. */
export function drawTextCentred(
  target: Framebuffer,
  text: string,
  left: number,
  width: number,
  y: number,
  style: TextStyle = {},
): void {
  const spare = width - textWidth(text, style.scale);
  drawText(target, text, left + Math.floor(spare / 2), y, style);
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function cutToWidth(text: string, width: number, scale = 1): string {
  if (textWidth(text, scale) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0) {
    characters.pop();
    const cut = `${characters.join("").trimEnd()}…`;
    if (textWidth(cut, scale) <= width) return cut;
  }
  return "";
}

function drawGlyph(
  target: Framebuffer,
  glyph: Glyph,
  left: number,
  top: number,
  { scale = 1, lit = true, clip }: TextStyle,
): void {
  const from = clip?.from ?? 0;
  const to = clip?.to ?? target.width;
  for (let x = 0; x < glyph.length * scale; x++) {
    if (left + x < from || left + x >= to) continue;
    const column = glyph[Math.floor(x / scale)] ?? 0;
    for (let y = 0; y < GLYPH_ROWS * scale; y++) {
      if ((column >> Math.floor(y / scale)) & 1) target.set(left + x, top + y, lit);
    }
  }
}
