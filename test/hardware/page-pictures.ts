import { readdirSync, readFileSync } from "node:fs";
import { encode } from "fast-png";
import { Framebuffer } from "../../src/panel/framebuffer.ts";

export const goldenFolder = "test/panel/golden";

/** A pixel of the display is a square of this many, the last row and column of it dark. */
const SCALE = 4;
/** The bezel around the glass. */
const MARGIN = 16;

const BEZEL = [0x22, 0x27, 0x2e] as const;
const GLASS = [0x05, 0x09, 0x0d] as const;
const LIT = [0xc9, 0xec, 0xff] as const;
/** Dark glass around the pixels. */
const RIM = 8;

type Colour = readonly [number, number, number];

/** The names of the golden pictures, which are those of the pages' pictures too. */
export function goldenNames(): string[] {
  return readdirSync(goldenFolder)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => name.slice(0, -".txt".length))
    .sort();
}

/** Half blocks, which are two rows of pixels a line: whether the upper and the lower is lit. */
const HALF_BLOCKS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  "▀": [true, false],
  "▄": [false, true],
  "█": [true, true],
};

/** A golden picture: half blocks, or a line for each row with `#` where it is lit. */
export function goldenPicture(name: string): Framebuffer {
  const lines = readFileSync(`${goldenFolder}/${name}.txt`, "utf8").replace(/\n$/, "").split("\n");
  const width = Math.max(...lines.map((line) => line.length));
  const halves = lines.some((line) => /[▀▄█]/.test(line));
  const picture = new Framebuffer(width, halves ? 2 * lines.length : lines.length);
  lines.forEach((line, y) => {
    [...line].forEach((character, x) => {
      if (halves) {
        const [upper, lower] = HALF_BLOCKS[character] ?? [false, false];
        picture.set(x, 2 * y, upper);
        picture.set(x, 2 * y + 1, lower);
      } else picture.set(x, y, character === "#");
    });
  });
  return picture;
}

export interface Photograph {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly data: Uint8Array;
}

/** The picture as it looks on the display: light dots behind glass in a dark bezel. */
export function photograph(picture: Framebuffer): Photograph {
  const width = picture.width * SCALE + 2 * (MARGIN + RIM);
  const height = picture.height * SCALE + 2 * (MARGIN + RIM);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(colourAt(picture, x - MARGIN - RIM, y - MARGIN - RIM), 3 * (y * width + x));
    }
  }
  return { width, height, data };
}

/** `x` and `y` count from the upper left pixel of the display. */
function colourAt(picture: Framebuffer, x: number, y: number): Colour {
  const outside = Math.max(-x, -y, x - picture.width * SCALE + 1, y - picture.height * SCALE + 1);
  if (outside > RIM) return BEZEL;
  const dot = x % SCALE !== SCALE - 1 && y % SCALE !== SCALE - 1;
  const lit = outside <= 0 && picture.get(Math.floor(x / SCALE), Math.floor(y / SCALE));
  return dot && lit ? LIT : GLASS;
}

export function pageImage(name: string): Uint8Array {
  return encode({ ...photograph(goldenPicture(name)), channels: 3, depth: 8 });
}
