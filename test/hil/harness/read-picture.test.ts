import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readLines, readPicture } from "./read-picture.ts";

interface Font {
  readonly fontData: readonly number[];
  readonly lookup: readonly string[];
}

const font: Font = createRequire(import.meta.url)("oled-font-5x7");

interface Place {
  readonly x: number;
  readonly y: number;
  readonly scale?: number;
  /** Blank columns of the font between glyphs, which are then set without those at their sides. */
  readonly gap?: number;
}

class Canvas {
  readonly picture: boolean[][] = Array.from({ length: 64 }, () => Array(128).fill(false));

  write(text: string, { x, y, scale = 1, gap }: Place): this {
    let left = x;
    for (const character of text) {
      const all = columnsOf(character);
      const columns = gap === undefined || character === " " ? all : trimmed(all);
      for (const [index, bits] of columns.entries()) {
        this.#column(bits, left + index * scale, y, scale);
      }
      left += (columns.length + (gap ?? 1)) * scale;
    }
    return this;
  }

  fill(x: number, y: number, width: number, height: number): this {
    for (let row = y; row < y + height; row++) this.picture[row]?.fill(true, x, x + width);
    return this;
  }

  #column(bits: number, x: number, y: number, scale: number): void {
    for (let bit = 0; bit < 7; bit++) {
      if ((bits >> bit) & 1) this.fill(x, y + bit * scale, scale, scale);
    }
  }
}

function columnsOf(character: string): readonly number[] {
  const index = font.lookup.indexOf(character);
  return font.fontData.slice(index * 5, index * 5 + 5);
}

function trimmed(columns: readonly number[]): readonly number[] {
  const first = columns.findIndex((bits) => bits !== 0);
  return columns.slice(first, columns.findLastIndex((bits) => bits !== 0) + 1);
}

describe("Text in a picture", () => {
  it("is read wherever it stands", () => {
    for (const [x, y] of [
      [0, 0],
      [3, 5],
      [25, 57],
    ] as const) {
      const { picture } = new Canvas().write("Waiting: 3 of 25", { x, y });
      assert.deepEqual(readPicture(picture), [{ text: "Waiting: 3 of 25", x, y, scale: 1 }]);
    }
  });

  for (const scale of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`is read at scale ${scale}`, () => {
      const { picture } = new Canvas().write("25", { x: 2, y: 3, scale });
      assert.deepEqual(readLines(picture), ["25"]);
    });
  }

  for (const gap of [1, 2, 3]) {
    it(`is read with glyphs set ${gap} apart`, () => {
      const { picture } = new Canvas().write("Until 1 July", { x: 1, y: 9, gap });
      assert.deepEqual(readLines(picture), ["Until 1 July"]);
    });
  }

  it("has every letter, digit and sign of the font", () => {
    const all = font.lookup.join("").trim();
    for (let at = 0; at < all.length; at += 20) {
      const part = all.slice(at, at + 20).trim();
      assert.deepEqual(readLines(new Canvas().write(part, { x: 0, y: 20 }).picture), [part]);
    }
  });

  it("comes line by line, a large number with the words beside it", () => {
    const { picture } = new Canvas()
      .write("KMS BOX", { x: 0, y: 0 })
      .write("12", { x: 0, y: 12, scale: 4 })
      .write("of 25", { x: 54, y: 20 })
      .write("ACTIVATING", { x: 4, y: 48 });
    assert.deepEqual(readLines(picture), ["KMS BOX", "12 of 25", "ACTIVATING"]);
  });

  it("is not seen in bars and frames, nor hidden by them", () => {
    const { picture } = new Canvas()
      .fill(0, 10, 128, 5)
      .fill(0, 20, 1, 40)
      .write("A", { x: 9, y: 30 });
    assert.deepEqual(readLines(picture), ["A"]);
  });

  it("may stand dark in a bar that ends with it", () => {
    const { picture } = new Canvas().write("ACTIVATING", { x: 2, y: 50, scale: 2 });
    for (const row of picture.slice(49)) for (const x of row.keys()) row[x] = !row[x];
    assert.deepEqual(readLines(picture), ["ACTIVATING"]);
  });

  it("is not there in a blank picture", () => {
    assert.deepEqual(readLines(new Canvas().picture), []);
  });
});
