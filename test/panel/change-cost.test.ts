import assert from "node:assert/strict";
import { firstChangedRun, wireBytes } from "../../src/adapters/panel/oled-diff.ts";
import { MINUTE_MS } from "../../src/domain/units.ts";
import { drawScreen } from "../../src/panel/draw-screen.ts";
import type { PanelFacts } from "../../src/panel/facts.ts";
import type { Framebuffer } from "../../src/panel/framebuffer.ts";
import type { Screen } from "../../src/panel/screen.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { COUNT_PAGE, counted, page, SHORT, SIZES, TALL } from "./screens.ts";

/** Bytes on the bus that it takes to make one picture of another. */
function costOf(before: Framebuffer, after: Framebuffer): number {
  const pages = Array.from({ length: before.pages }, (_, index) => index * before.width);
  return pages.reduce((sum, start) => sum + pageCost(before, after, start), 0);
}

function pageCost(before: Framebuffer, after: Framebuffer, start: number): number {
  const held = Int16Array.from(before.bytes.subarray(start, start + before.width));
  const wanted = after.bytes.subarray(start, start + before.width);
  let cost = 0;
  for (let run = firstChangedRun(held, wanted); run; run = firstChangedRun(held, wanted)) {
    cost += wireBytes(run.end - run.first);
    held.set(wanted.subarray(run.first, run.end), run.first);
  }
  return cost;
}

function costBetween(screen: Screen, before: PanelFacts, after: PanelFacts, size = TALL): number {
  return costOf(drawScreen(screen, before, size), drawScreen(screen, after, size));
}

/** How many bytes a whole picture takes. */
const WHOLE_TALL = 1100;

describe("A change of the picture", () => {
  it("is at most 24 bytes on the bus for a changed digit of text", () => {
    const clients = (lapsingSoon: number) =>
      panelFacts({ clients: { total: 31, last: null, lapsingSoon } });
    const health = (temperatureCelsius: number) =>
      panelFacts({ health: { ...panelFacts().health, temperatureCelsius } });
    for (const size of SIZES) {
      for (let digit = 2; digit < 9; digit++) {
        const next = digit + 1;
        const lapsing = page({ page: "clients" });
        assert.ok(costBetween(lapsing, clients(digit), clients(next), size) <= 24);
        const warmer = page({ page: "health" });
        assert.ok(costBetween(warmer, health(40 + digit), health(40 + next), size) <= 24);
      }
    }
  });

  it("is at most 24 bytes for a minute that passes", () => {
    const at = (minutes: number) => {
      const facts = panelFacts();
      return { ...facts, nowMs: facts.nowMs + minutes * MINUTE_MS };
    };
    for (const size of SIZES) {
      for (let minute = 0; minute < 5; minute++) {
        assert.ok(costBetween(page({ page: "clients" }), at(minute), at(minute + 1), size) <= 24);
      }
    }
  });

  it("is at most 24 bytes for a second of a countdown, but for its bar", () => {
    const at = (remainingMs: number): Screen => ({ kind: "code", code: "7KRM4XPT", remainingMs });
    for (const size of SIZES) {
      for (let seconds = 299; seconds > 181; seconds--) {
        const before = drawScreen(at(seconds * 1000), panelFacts(), size);
        const after = drawScreen(at((seconds - 1) * 1000), panelFacts(), size);
        assert.ok(costOf(before, after) <= 24);
      }
    }
  });

  it("leaves what stands beside the count where it is", () => {
    for (const [size, beside] of [
      [TALL, { from: 58, rows: 46 }],
      [SHORT, { from: 47, rows: 16 }],
    ] as const) {
      for (const count of [20, 24, 26, 28]) {
        const before = drawScreen(COUNT_PAGE, counted(count, 30), size);
        const after = drawScreen(COUNT_PAGE, counted(count + 1, 30), size);
        assert.deepEqual(part(after, beside), part(before, beside));
      }
    }
  });

  it("is less than a sixth of a whole picture for a changed digit of the large count", () => {
    for (let count = 26; count < 99; count++) {
      if (count % 10 === 9) continue;
      const cost = costBetween(COUNT_PAGE, counted(count), counted(count + 1));
      assert.ok(cost <= WHOLE_TALL / 6, `${count}: ${cost}`);
    }
  });

  it("is nothing as time passes on a page that has nothing to scroll", () => {
    for (const size of [TALL, SHORT]) {
      const shown = [0, 1000, 5000].map((ms) => page({ page: "count", index: 0 }, ms));
      const [first, ...later] = shown.map((screen) => drawScreen(screen, panelFacts(), size));
      for (const picture of later) assert.ok(first?.equals(picture));
    }
  });
});

/** The pixels right of a column, down to a row. */
function part(picture: Framebuffer, { from, rows }: { from: number; rows: number }): boolean[] {
  return Array.from({ length: (picture.width - from) * rows }, (_, index) =>
    picture.get(from + Math.floor(index / rows), index % rows),
  );
}
