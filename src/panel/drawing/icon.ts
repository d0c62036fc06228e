import type { Framebuffer } from "../framebuffer.ts";

/** A small picture, one string a row: `#` is lit. */
export type Icon = readonly string[];

export function iconWidth(icon: Icon): number {
  return icon[0]?.length ?? 0;
}

export function drawIcon(target: Framebuffer, icon: Icon, x: number, y: number, lit = true): void {
  icon.forEach((row, rowIndex) => {
    Array.from(row).forEach((pixel, column) => {
      if (pixel === "#") target.set(x + column, y + rowIndex, lit);
    });
  });
}

/** An icon as written in a template: lines trimmed of their indentation. */
export function icon(art: string): Icon {
  return art
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
