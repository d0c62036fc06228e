import type { Framebuffer } from "./framebuffer.ts";
import type { Brightness } from "./screen.ts";

/** Three bytes a pixel, red, green and blue, row by row. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

type Colour = readonly [red: number, green: number, blue: number];

/** A blue-white OLED behind glass. */
const GLASS: Colour = [8, 10, 14];
const UNLIT: Colour = [16, 19, 25];
const LIT: Readonly<Record<Brightness, Colour>> = {
  full: [190, 232, 255],
  dim: [88, 112, 128],
  off: UNLIT,
};

/** Glass around the picture, in pixels of the picture. */
const BORDER = 4;

/**
 * The picture as the eye sees it on the display, every pixel a square with a dark gap to the next.
 *
 * @param scale image pixels for one of the picture, at least 2
 */
export function panelImage(picture: Framebuffer, brightness: Brightness, scale = 6): RgbImage {
  const width = (picture.width + 2 * BORDER) * scale;
  const height = (picture.height + 2 * BORDER) * scale;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(colourAt(picture, LIT[brightness], x, y, scale), (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

function colourAt(picture: Framebuffer, lit: Colour, x: number, y: number, scale: number): Colour {
  const column = Math.floor(x / scale) - BORDER;
  const row = Math.floor(y / scale) - BORDER;
  const inside = column >= 0 && row >= 0 && column < picture.width && row < picture.height;
  const gap = x % scale === scale - 1 || y % scale === scale - 1;
  if (!inside || gap) return GLASS;
  return picture.get(column, row) ? lit : UNLIT;
}
