import assert from "node:assert/strict";
import { drawIcon, fittingIconScale, icon } from "../../../src/panel/drawing/icon.ts";
import * as largeIcons from "../../../src/panel/drawing/large-icons.ts";
import { drawQr } from "../../../src/panel/drawing/qr.ts";
import { drawBar, filledColumns, invertArea } from "../../../src/panel/drawing/shapes.ts";
import * as smallIcons from "../../../src/panel/drawing/small-icons.ts";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";

describe("A bar", () => {
  it("is empty only at nothing, and full only at the whole", () => {
    assert.equal(filledColumns(0, 100), 0);
    assert.equal(filledColumns(0.001, 100), 1);
    assert.equal(filledColumns(0.999, 100), 99);
    assert.equal(filledColumns(1, 100), 100);
  });

  it("stays within its frame whatever the fraction", () => {
    assert.equal(filledColumns(-3, 100), 0);
    assert.equal(filledColumns(7, 100), 100);
    assert.equal(filledColumns(Number.NaN, 100), 0);
    assert.equal(filledColumns(Number.POSITIVE_INFINITY, 100), 100);
  });

  it("keeps a dark line between frame and filling where there is room", () => {
    const picture = new Framebuffer(128, 32);
    drawBar(picture, { x: 0, y: 0, width: 20, height: 7 }, 0.5);
    const column = [0, 1, 2, 3, 4, 5, 6].map((y) => picture.get(4, y));
    assert.deepEqual(column, [true, false, true, true, true, false, true]);
  });
});

describe("An inverted area", () => {
  it("is itself again when inverted twice", () => {
    const picture = new Framebuffer(128, 32);
    drawBar(picture, { x: 0, y: 0, width: 20, height: 7 }, 0.5);
    const before = picture.copy();
    invertArea(picture, { x: 3, y: 1, width: 50, height: 9 });
    assert.ok(!picture.equals(before));
    invertArea(picture, { x: 3, y: 1, width: 50, height: 9 });
    assert.ok(picture.equals(before));
  });
});

describe("An icon", () => {
  it("is lit where its picture says, at any scale", () => {
    const picture = new Framebuffer(128, 32);
    drawIcon(picture, icon("#.\n.#"), 4, 4, 2);
    assert.ok(picture.get(4, 4) && picture.get(5, 5) && picture.get(6, 6));
    assert.ok(!picture.get(6, 5) && !picture.get(4, 6));
  });

  it("is as large as it fits, or not at all", () => {
    const square = icon("##\n##");
    assert.equal(fittingIconScale(square, 9, 5, 3), 2);
    assert.equal(fittingIconScale(square, 9, 9, 3), 3);
    assert.equal(fittingIconScale(square, 1, 9, 3), 0);
    assert.equal(fittingIconScale(square, -5, 9, 3), 0);
  });

  it("has rows of one length, in text seven of them", () => {
    const small = Object.values(smallIcons);
    for (const drawn of [...small, ...Object.values(largeIcons)]) {
      assert.ok(drawn.every((row) => row.length === drawn[0]?.length && /^[#.]+$/.test(row)));
    }
    assert.ok(small.every((drawn) => drawn.length === 7));
  });
});

describe("A QR code", () => {
  it("is not drawn where it does not fit", () => {
    const picture = new Framebuffer(128, 32);
    const drawn = drawQr(picture, "http://10.0.0.5:1688/v1/host", {
      x: 0,
      y: 0,
      width: 20,
      height: 20,
    });
    assert.equal(drawn, false);
    assert.ok(picture.equals(new Framebuffer(128, 32)));
  });
});
