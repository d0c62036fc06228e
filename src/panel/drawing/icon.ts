import type { Framebuffer } from "../framebuffer.ts";
import { fillArea } from "./shapes.ts";

/** A small picture, one string a row: `#` is lit. */
export type Icon = readonly string[];

export function iconWidth(icon: Icon): number {
  return icon[0]?.length ?? 0;
}

export function drawIcon(target: Framebuffer, icon: Icon, x: number, y: number, scale = 1): void {
  icon.forEach((row, rowIndex) => {
    Array.from(row).forEach((pixel, column) => {
      if (pixel !== "#") return;
      const place = { x: x + column * scale, y: y + rowIndex * scale };
      fillArea(target, { ...place, width: scale, height: scale });
    });
  });
}

/** The largest scale, down from `largest`, in which an icon fits; 0 if it does not fit at all. */
export function fittingIconScale(
  icon: Icon,
  width: number,
  height: number,
  largest: number,
): number {
  const fits = Math.min(width / iconWidth(icon), height / icon.length);
  return Math.max(0, Math.min(largest, Math.floor(fits)));
}

/** An icon as written in a template: lines trimmed of their indentation. */
export function icon(art: string): Icon {
  return art
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
