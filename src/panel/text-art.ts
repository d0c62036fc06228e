import type { Framebuffer } from "./framebuffer.ts";

/** By lit pixels of the upper and the lower half: neither, upper, lower, both. */
const HALF_BLOCKS = [" ", "▀", "▄", "█"] as const;

/** Unicode's braille patterns begin here; each bit that is set is a dot. */
const BRAILLE = 0x2800;
const BRAILLE_ROWS = 4;
/** Bits of the dots of the left and the right column, from the top. */
const BRAILLE_LEFT = [0x01, 0x02, 0x04, 0x40] as const;
const BRAILLE_RIGHT = [0x08, 0x10, 0x20, 0x80] as const;

/** The picture as text, two rows of pixels a line and one pixel a character. */
export function halfBlocks(picture: Framebuffer): string[] {
  return lines(picture.height / 2, picture.width, (x, line) => {
    const upper = picture.get(x, 2 * line) ? 1 : 0;
    const lower = picture.get(x, 2 * line + 1) ? 2 : 0;
    return HALF_BLOCKS[upper | lower] ?? " ";
  });
}

/** The picture as text for narrow terminals, four rows of pixels a line and two a character. */
export function brailleDots(picture: Framebuffer): string[] {
  return lines(picture.height / BRAILLE_ROWS, picture.width / 2, (column, line) => {
    let dots = 0;
    for (let row = 0; row < BRAILLE_ROWS; row++) {
      const y = BRAILLE_ROWS * line + row;
      if (picture.get(2 * column, y)) dots |= BRAILLE_LEFT[row] ?? 0;
      if (picture.get(2 * column + 1, y)) dots |= BRAILLE_RIGHT[row] ?? 0;
    }
    return String.fromCodePoint(BRAILLE + dots);
  });
}

function lines(count: number, width: number, cell: (x: number, line: number) => string): string[] {
  return Array.from({ length: count }, (_, line) =>
    Array.from({ length: width }, (__, x) => cell(x, line)).join(""),
  );
}
