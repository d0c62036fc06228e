import assert from "node:assert/strict";
import fc from "fast-check";
import { Framebuffer } from "../../src/panel/framebuffer.ts";
import { brailleDots, halfBlocks } from "../../src/panel/text-art.ts";

/** A picture of the given rows; `#` is lit. */
function picture(...rows: string[]): Framebuffer {
  const drawn = new Framebuffer(8, 8);
  for (const [y, row] of rows.entries()) {
    for (const [x, dot] of Array.from(row).entries()) drawn.set(x, y, dot === "#");
  }
  return drawn;
}

describe("a picture as text", () => {
  it("has two rows of pixels in a line of half blocks", () => {
    const lines = halfBlocks(picture("##......", "#.#....#"));
    assert.deepEqual(lines, ["█▀▄    ▄", " ".repeat(8), " ".repeat(8), " ".repeat(8)]);
  });

  it("has four rows and two columns of pixels in a braille pattern", () => {
    const lines = brailleDots(picture("#.......", ".#......", "..##....", "..##...#"));
    assert.deepEqual(lines, ["⠑⣤⠀⢀", "⠀⠀⠀⠀"]);
  });

  it("loses no pixel either way", () => {
    const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(bytes, (lit) => {
        const drawn = new Framebuffer(8, 8, lit);
        const dots = brailleDots(drawn).join("");
        const halves = halfBlocks(drawn).join("");
        const lighted = lit.reduce((sum, byte) => sum + bits(byte), 0);
        assert.equal(
          Array.from(dots).reduce((sum, c) => sum + bits((c.codePointAt(0) ?? 0) & 0xff), 0),
          lighted,
        );
        assert.equal(
          Array.from(halves).reduce((sum, c) => sum + " ▀▄█".indexOf(c), 0) >= lighted,
          true,
        );
        assert.equal(
          Array.from(halves).reduce((sum, c) => sum + bits(" ▀▄█".indexOf(c)), 0),
          lighted,
        );
      }),
    );
  });
});

function bits(value: number): number {
  return value.toString(2).replaceAll("0", "").length;
}
