import assert from "node:assert/strict";
import fc from "fast-check";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";
import type { Brightness } from "../../../src/panel/screen.ts";
import { testPicture } from "../../../src/panel/test-picture.ts";
import { upsideDown } from "../../support/oled-model.ts";
import { oledRig, SHOWN_MS } from "../../support/oled-rig.ts";

/** Displays as they are sold: column of the memory that is leftmost on the glass, upright. */
const DISPLAYS = [
  { controller: "ssd1306", firstColumn: 0 },
  { controller: "sh1106", firstColumn: 2 },
  { controller: "sh1106", firstColumn: 0 },
  { controller: "sh1106", firstColumn: 4 },
  { controller: "sh1106", firstColumn: 3 },
] as const;

interface Change {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pattern: number;
  readonly brightness: Brightness;
  /** Until the next picture: some come while this one is being sent. */
  readonly pauseMs: number;
}

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    x: fc.nat(127),
    y: fc.nat(63),
    width: fc.integer({ min: 1, max: 128 }),
    height: fc.integer({ min: 1, max: 64 }),
    pattern: fc.nat(5),
    brightness: fc.constantFrom<Brightness>("full", "full", "dim", "off"),
    pauseMs: fc.constantFrom(0, 0.3, 1, 4, 30, 6000),
  }),
  { minLength: 1, maxLength: 8 },
);

function draw(picture: Framebuffer, { x, y, width, height, pattern }: Change): void {
  for (let dy = 0; dy < height; dy++) {
    for (let dx = 0; dx < width; dx++) picture.set(x + dx, y + dy, (dx + dy * 3) % 6 <= pattern);
  }
}

for (const { controller, firstColumn } of DISPLAYS) {
  for (const height of [64, 32] as const) {
    for (const rotation of [0, 180] as const) {
      const usual = controller === "ssd1306" ? 0 : 2;
      // Turned by 180 degrees, the columns that are left over on the right come first.
      const first = rotation === 0 ? firstColumn : 2 * usual - firstColumn;
      const columnOffset = rotation === 0 && first === usual ? -1 : first;
      const settings = { controller, height, rotation, columnOffset };

      describe(`An ${controller}, 128x${height}, turned by ${rotation}, columns from ${columnOffset},`, () => {
        const seen = (glass: Framebuffer | null) =>
          glass && rotation === 180 ? upsideDown(glass) : glass;

        it("shows in the end the last of any pictures, however fast they come", async () => {
          await fc.assert(
            fc.asyncProperty(changes, async (sequence) => {
              const { display, model, timers, start, stop } = oledRig(settings, firstColumn);
              await start();
              const picture = new Framebuffer(128, height);
              for (const change of sequence) {
                draw(picture, change);
                display.show(picture, change.brightness);
                await timers.pass(change.pauseMs);
              }
              await timers.pass(SHOWN_MS);
              const lit = sequence.at(-1)?.brightness !== "off";
              assert.deepEqual(seen(model.glass), lit ? picture : null);
              await stop();
            }),
            { numRuns: 15 },
          );
        });
      });
    }
  }
}

describe("A display with another column offset than configured", () => {
  it("gives itself away by the test picture's border", async () => {
    const { display, model, timers, start, stop } = oledRig({ controller: "sh1106" }, 0);
    const picture = testPicture(128, 64);
    await start();
    display.show(picture, "full");
    await timers.pass(SHOWN_MS);
    const glass = model.glass;
    assert.ok(glass);
    assert.equal(glass.equals(picture), false);
    for (let y = 0; y < 64; y++) assert.equal(glass.get(2, y), true, "the border two columns in");
    await stop();
  });
});
