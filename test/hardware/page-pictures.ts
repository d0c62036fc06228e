import { readFileSync } from "node:fs";
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

/** The screens that the README shows, and what they are; others differ in details only. */
export const SHOWN: Readonly<Record<string, string>> = {
  starting: "starting",
  "count-one-missing": "the count, below the threshold",
  "count-reached": "the count, activating",
  network: "where clients find it; the QR code holds the address",
  "dns-published": "the DNS record that it published",
  "dns-failed": "publishing failed, and why",
  clients: "the clients, and who asked last",
  health: "its health",
  fault: "a fault, and what to do",
  "holding-tap": "the button is down",
  "holding-code": "held for a code",
  "holding-restart": "held for a restart",
  "holding-reset": "held for a factory reset",
  code: "the one-time administrator code",
  "confirm-reset": "tap to confirm the factory reset",
  message: "why no code is given",
  "restart-offer": "let go: it restarts in 3 s, or is switched off by a tap",
  restarting: "restarting",
  resetting: "resetting",
  "powering-off": "the machine shuts down",
  stopped: "the service has stopped: it may be unplugged",
  off: "the machine has shut down: it may be unplugged",
  "test-picture": "the test picture",
};

export const HEIGHTS = [64, 32] as const;

/** The golden file of a screen at a height; the test picture's is named by its height alone. */
export function goldenFile(screen: string, height: number): string {
  const size = screen === "test-picture" ? `${height}` : `128x${height}`;
  return `${goldenFolder}/${screen}-${size}.txt`;
}

export const pictureName = (screen: string, height: number): string =>
  `${screen}-128x${height}.png`;

/** Half blocks, which are two rows of pixels a line: whether the upper and the lower is lit. */
const HALF_BLOCKS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  "▀": [true, false],
  "▄": [false, true],
  "█": [true, true],
};

/** The picture of a golden file. A bar at either end of a line keeps its blanks and is no part of it. */
export function goldenPicture(screen: string, height: number): Framebuffer {
  const lines = readFileSync(goldenFile(screen, height), "utf8")
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.replace(/^│(.*)│$/, "$1"));
  const picture = new Framebuffer(lines[0]?.length ?? 0, 2 * lines.length);
  lines.forEach((line, y) => {
    Array.from(line).forEach((character, x) => {
      const [upper, lower] = HALF_BLOCKS[character] ?? [false, false];
      picture.set(x, 2 * y, upper);
      picture.set(x, 2 * y + 1, lower);
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

export function pageImage(screen: string, height: number): Uint8Array {
  return encode({ ...photograph(goldenPicture(screen, height)), channels: 3, depth: 8 });
}
