import type { Framebuffer } from "../../src/panel/framebuffer.ts";

/** What is lit in every picture, so that it is drawn once. All pictures are of one size. */
export function commonPixels(pictures: readonly Framebuffer[]): Framebuffer {
  const [first, ...others] = pictures;
  if (first === undefined) throw new Error("no picture");
  const common = first.copy();
  for (const picture of others) {
    common.bytes.forEach((byte, i) => {
      common.bytes[i] = byte & (picture.bytes[i] ?? 0);
    });
  }
  return common;
}

/** What is lit in a picture and dark in another one. */
export function without(picture: Framebuffer, other: Framebuffer): Framebuffer {
  const rest = picture.copy();
  rest.bytes.forEach((byte, i) => {
    rest.bytes[i] = byte & ~(other.bytes[i] ?? 0);
  });
  return rest;
}

/** Data of an SVG path whose strokes, one unit wide, cover the lit pixels: one for each run of a row. */
export function runsOf(picture: Framebuffer): string {
  const runs: string[] = [];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const begin = x;
      while (picture.get(x, y)) x++;
      if (x > begin) runs.push(`M${begin} ${y}h${x - begin}`);
    }
  }
  return runs.join("");
}
