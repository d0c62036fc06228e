import assert from "node:assert/strict";
import { scrolledLine, scrollOffset } from "../../../src/panel/drawing/scroll.ts";

describe("Scrolling text", () => {
  it("stands still if it fits", () => {
    for (const ms of [0, 1500, 99_999]) assert.equal(scrollOffset(ms, 0), 0);
  });

  it("rests a second at its beginning, moves 24 pixels a second, and rests at its end", () => {
    assert.equal(scrollOffset(999, 24), 0);
    assert.equal(scrollOffset(1000, 24), 6);
    assert.equal(scrollOffset(1750, 24), 24);
    assert.equal(scrollOffset(2999, 24), 24);
    assert.equal(scrollOffset(3000, 24), 0);
  });

  it("reaches its very end, and never moves past it", () => {
    for (const overflow of [1, 5, 6, 7, 100]) {
      const offsets = Array.from({ length: 400 }, (_, step) => scrollOffset(step * 50, overflow));
      assert.equal(Math.max(...offsets), overflow);
      assert.equal(Math.min(...offsets), 0);
    }
  });

  it("stands at its beginning at a time that makes no sense", () => {
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.equal(scrollOffset(ms, 24), 0);
      assert.equal(scrolledLine(ms, 6, 3), 0);
    }
  });
});

describe("Scrolling lines", () => {
  it("move up one by one, and begin anew after the last", () => {
    const first = [0, 2000, 4000, 6000].map((ms) => scrolledLine(ms, 5, 3));
    assert.deepEqual(first, [0, 1, 2, 0]);
  });

  it("stand still if there is room for all", () => {
    assert.equal(scrolledLine(5000, 3, 3), 0);
  });
});
