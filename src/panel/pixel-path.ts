import type { Framebuffer } from "./framebuffer.ts";

/** The lit pixels as the path of an SVG, a unit each: what is lit side by side is one stroke. */
export function pixelPath(picture: Framebuffer): string {
  const strokes: string[] = [];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      if (!picture.get(x, y)) continue;
      const from = x;
      while (picture.get(x, y)) x++;
      strokes.push(`M${from} ${y}h${x - from}v1h-${x - from}z`);
    }
  }
  return strokes.join("");
}
