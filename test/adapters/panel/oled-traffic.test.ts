import assert from "node:assert/strict";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";
import { oledRig, SHOWN_MS } from "../../support/oled-rig.ts";

/** Rows of a 5x7 digit as columns, bit 0 on top. */
const ONE = [0x00, 0x42, 0x7f, 0x40, 0x00];
const EIGHT = [0x36, 0x49, 0x49, 0x49, 0x36];

function drawDigit(picture: Framebuffer, columns: readonly number[], left: number, top: number) {
  for (const [x, column] of columns.entries()) {
    for (let y = 0; y < 7; y++) picture.set(left + x, top + y, ((column >> y) & 1) === 1);
  }
}

/** A display that shows a picture with a digit; nothing is counted yet. */
async function showing(picture: Framebuffer) {
  const rig = oledRig();
  await rig.start();
  rig.display.show(picture, "full");
  await rig.timers.pass(SHOWN_MS);
  rig.bus.takeWireBytes();
  return rig;
}

describe("What goes over the bus", () => {
  it("is nothing for an unchanged picture", async () => {
    const picture = new Framebuffer(128, 64);
    drawDigit(picture, ONE, 60, 24);
    const { display, bus, timers, stop } = await showing(picture);
    for (let i = 0; i < 100; i++) display.show(picture, "full");
    await timers.pass(SHOWN_MS);
    assert.equal(bus.takeWireBytes(), 0);
    await stop();
  });

  it("is 12 bytes for a digit that changes, and 24 if it stands across two pages", async () => {
    for (const [top, mostBytes] of [
      [24, 12],
      [27, 24],
    ] as const) {
      const picture = new Framebuffer(128, 64);
      drawDigit(picture, ONE, 60, top);
      const { display, bus, timers, model, stop } = await showing(picture);
      drawDigit(picture, EIGHT, 60, top);
      display.show(picture, "full");
      await timers.pass(SHOWN_MS);
      assert.deepEqual(model.glass, picture);
      assert.equal(bus.takeWireBytes(), mostBytes);
      await stop();
    }
  });

  it("is the two bytes of a command to dim, and nothing of pictures while off", async () => {
    const picture = new Framebuffer(128, 64);
    const { display, bus, timers, model, stop } = await showing(picture);
    display.show(picture, "dim");
    await timers.pass(SHOWN_MS);
    assert.equal(bus.takeWireBytes(), 2 + 2);
    assert.ok(model.contrast >= 1 && model.contrast <= 15);
    display.show(picture, "off");
    await timers.pass(SHOWN_MS);
    assert.equal(bus.takeWireBytes(), 2 + 1);
    drawDigit(picture, EIGHT, 9, 9);
    display.show(picture, "off");
    await timers.pass(SHOWN_MS);
    assert.equal(bus.takeWireBytes(), 0);
    await stop();
  });

  it("has the configured contrast when awake, also one below that of dimming", async () => {
    for (const contrast of [1, 207, 255]) {
      const { display, timers, model, start, stop } = oledRig({ contrast });
      await start();
      display.show(new Framebuffer(128, 64), "full");
      await timers.pass(SHOWN_MS);
      assert.equal(model.contrast, contrast);
      display.show(new Framebuffer(128, 64), "dim");
      await timers.pass(SHOWN_MS);
      assert.ok(model.contrast <= contrast);
      await stop();
    }
  });

  it("lights a display only when it holds the whole picture", async () => {
    const { display, bus, timers, start, stop } = oledRig();
    await start();
    display.show(new Framebuffer(128, 64), "full");
    await timers.pass(SHOWN_MS);
    assert.deepEqual(bus.transactions.at(-1)?.bytes, [0xaf]);
    assert.equal(bus.transactions.filter(({ bytes }) => bytes[0] === 0xaf).length, 1);
    await stop();
  });

  it("turns to a newer picture between two runs instead of sending the old one to its end", async () => {
    const { display, bus, timers, model, stop } = await showing(new Framebuffer(128, 64));
    const full = new Framebuffer(128, 64, new Uint8Array(1024).fill(0xff));
    display.show(full, "full");
    await timers.pass(8);
    display.show(new Framebuffer(128, 64), "full");
    await timers.pass(SHOWN_MS);
    assert.deepEqual(model.glass, new Framebuffer(128, 64));
    const runs = bus.transactions.filter(({ control }) => control === 0x00);
    assert.ok(runs.length < 8, `${runs.length} runs`);
    await stop();
  });

  it("reaches the bottom of a picture although its top changes all the time", async () => {
    const picture = new Framebuffer(128, 64);
    const { display, timers, model, stop } = await showing(picture);
    picture.set(0, 63);
    for (let i = 0; i < 40; i++) {
      for (let x = 0; x < 128; x++) picture.set(x, 0, (x + i) % 2 === 0);
      display.show(picture, "full");
      await timers.pass(3);
    }
    assert.equal(model.glass?.get(0, 63), true);
    await stop();
  });

  it("is a probe of three bytes every five seconds at rest", async () => {
    const { bus, timers, stop } = await showing(new Framebuffer(128, 64));
    await timers.pass(60_000);
    assert.equal(bus.transactions.length, 12);
    assert.equal(bus.takeWireBytes(), 36);
    await stop();
  });
});
