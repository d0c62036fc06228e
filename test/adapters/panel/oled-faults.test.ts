import assert from "node:assert/strict";
import { I2cDriverMissingError } from "../../../src/adapters/panel/i2c-bus.ts";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";
import { testPicture } from "../../../src/panel/test-picture.ts";
import { oledRig, SHOWN_MS } from "../../support/oled-rig.ts";
import { smbusError } from "../../support/recording-bus.ts";

const MINUTE_MS = 60_000;
const picture = testPicture(128, 64);

describe("A display on a bus that fails", () => {
  let rig: ReturnType<typeof oledRig>;
  const codes = () => rig.told.map((told) => ("code" in told ? told.code : told.state));
  const startAndShow = async () => {
    await rig.start();
    rig.display.show(picture, "full");
    await rig.timers.pass(SHOWN_MS);
  };
  const assertWhole = () => assert.deepEqual(rig.model.glass, picture);

  beforeEach(() => {
    rig = oledRig();
  });
  afterEach(async () => {
    await rig.timers.pass(5000);
    await rig.stop();
  });

  it("is looked for after 1 s, doubling to 30 s, each time on a bus opened anew", async () => {
    rig.bus.unplug();
    await startAndShow();
    await rig.timers.pass(2 * MINUTE_MS);
    const { openedAtMs } = rig.bus;
    const pausesMs = openedAtMs.slice(1).map((atMs, i) => Math.round(atMs - (openedAtMs[i] ?? 0)));
    assert.deepEqual(pausesMs, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.deepEqual(codes(), ["no-answer"]);
    assert.ok(rig.bus.open <= 1, "buses left open");
  });

  it("shows the newest picture as soon as it is plugged in", async () => {
    rig.bus.unplug();
    await startAndShow();
    rig.bus.plug();
    await rig.timers.pass(1000 + SHOWN_MS);
    assertWhole();
    assert.deepEqual(codes(), ["no-answer", "present"]);
  });

  it("is probed alone, before anything else, on every new bus", async () => {
    rig.bus.unplug();
    await startAndShow();
    rig.bus.plug();
    await rig.timers.pass(1000 + SHOWN_MS);
    assert.deepEqual(rig.bus.transactions[0]?.bytes, [0xe3]);
  });

  it("is whole again after it was unplugged in the middle of an update", async () => {
    await startAndShow();
    rig.display.show(new Framebuffer(128, 64, new Uint8Array(1024).fill(0x55)), "full");
    await rig.timers.pass(5);
    rig.bus.unplug();
    await rig.timers.pass(500);
    rig.display.show(picture, "full");
    rig.bus.plug();
    await rig.timers.pass(1000 + SHOWN_MS);
    assertWhole();
    assert.deepEqual(codes(), ["present", "no-answer", "present"]);
  });

  it("is missed within 5 s when it was unplugged at rest", async () => {
    await startAndShow();
    rig.bus.unplug();
    await rig.timers.pass(5000);
    assert.deepEqual(codes(), ["present", "no-answer"]);
  });

  it("waits 1 s again after it was there", async () => {
    rig.bus.unplug();
    await startAndShow();
    await rig.timers.pass(20_000);
    rig.bus.plug();
    await rig.timers.pass(MINUTE_MS);
    rig.bus.unplug();
    rig.display.show(new Framebuffer(128, 64), "full");
    await rig.timers.pass(1);
    assert.deepEqual(codes(), ["no-answer", "present", "no-answer"]);
    rig.bus.openedAtMs.length = 0;
    await rig.timers.pass(999);
    assert.equal(rig.bus.openedAtMs.length, 0);
    await rig.timers.pass(1);
    assert.equal(rig.bus.openedAtMs.length, 1);
  });

  it("does not begin at 1 s again while it answers a probe and fails at the picture", async () => {
    rig.bus.fault = (bytes) => (bytes && bytes.length > 20 ? smbusError(121) : undefined);
    await startAndShow();
    await rig.timers.pass(MINUTE_MS);
    assert.equal(rig.bus.openedAtMs.length, 6);
    assert.deepEqual(codes(), ["no-answer"]);
  });

  it("is healed by the next press if it lost its power between two writes", async () => {
    await startAndShow();
    rig.display.show(picture, "dim");
    await rig.timers.pass(SHOWN_MS);
    rig.model.powerOn();
    await rig.timers.pass(MINUTE_MS);
    assert.equal(rig.model.glass, null);
    rig.display.show(picture, "full");
    await rig.timers.pass(SHOWN_MS);
    assertWhole();
  });

  it("is healed within half an hour without a press, and does not blink for it", async () => {
    await startAndShow();
    rig.model.powerOn();
    await rig.timers.pass(30 * MINUTE_MS);
    assertWhole();
    rig.bus.transactions.length = 0;
    await rig.timers.pass(30 * MINUTE_MS);
    assert.ok(rig.bus.transactions.length > 150, "sent again");
    assert.ok(!rig.bus.transactions.some(({ bytes }) => bytes[0] === 0xae));
  });

  it("counts as stuck when an operation takes longer than 2 s, whose end then does no harm", async () => {
    await startAndShow();
    rig.bus.fault = () => "hang";
    rig.display.show(new Framebuffer(128, 64), "full");
    await rig.timers.pass(1999);
    assert.deepEqual(codes(), ["present"]);
    await rig.timers.pass(1);
    assert.deepEqual(codes(), ["present", "bus-stuck"]);
    rig.bus.fault = () => undefined;
    rig.display.show(picture, "full");
    rig.bus.release();
    await rig.timers.pass(1000 + SHOWN_MS);
    assertWhole();
    assert.equal(rig.bus.open, 1);
    assert.deepEqual(codes(), ["present", "bus-stuck", "present"]);
  });

  it("gets no further operation while one hangs", async () => {
    await startAndShow();
    let asked = 0;
    rig.bus.fault = () => {
      asked++;
      return "hang";
    };
    rig.display.show(new Framebuffer(128, 64), "full");
    await rig.timers.pass(5 * MINUTE_MS);
    assert.equal(asked, 1);
    assert.deepEqual(codes(), ["present", "bus-stuck"]);
    rig.bus.release();
    await rig.timers.pass(1);
    assert.equal(rig.bus.open, 0);
  });

  it("closes a bus that was opened too late", async () => {
    rig.bus.fault = (bytes) => (bytes ? undefined : "hang");
    await startAndShow();
    await rig.timers.pass(2000);
    assert.deepEqual(codes(), ["bus-stuck"]);
    rig.bus.fault = () => undefined;
    rig.bus.release();
    await rig.timers.pass(2000);
    assertWhole();
    assert.equal(rig.bus.open, 1);
  });

  it("says each new reason once", async () => {
    rig.bus.fault = (bytes) => (bytes ? undefined : Object.assign(new Error(), { errno: -2 }));
    await startAndShow();
    await rig.timers.pass(5000);
    rig.bus.fault = (bytes) => (bytes ? undefined : Object.assign(new Error(), { errno: -13 }));
    await rig.timers.pass(MINUTE_MS);
    rig.bus.fault = () => undefined;
    await rig.timers.pass(MINUTE_MS);
    assert.deepEqual(codes(), ["no-bus", "no-permission", "present"]);
    assertWhole();
  });

  it("is given up where the library is missing, for it will not appear", async () => {
    rig.bus.fault = () => new I2cDriverMissingError("no library");
    await startAndShow();
    await rig.timers.pass(MINUTE_MS);
    assert.equal(rig.bus.openedAtMs.length, 1);
    assert.deepEqual(codes(), ["no-driver"]);
  });

  describe("when stopped", () => {
    /** How long it took. */
    const stopped = async () => {
      const { timers } = rig;
      let atMs = Number.NaN;
      const beganMs = timers.nowMs;
      void rig.display.stop().then(() => {
        atMs = timers.nowMs;
      });
      await timers.pass(5000);
      return atMs - beganMs;
    };

    it("lets go of the bus at once while absent", async () => {
      rig.bus.unplug();
      await startAndShow();
      assert.equal(await stopped(), 0);
      assert.equal(rig.bus.open, 0);
      await rig.timers.pass(MINUTE_MS);
      assert.equal(rig.bus.openedAtMs.length, 1);
      assert.equal(rig.timers.waiting, 0);
    });

    it("waits a second at most while an operation hangs, and closes the bus after it", async () => {
      await startAndShow();
      rig.bus.fault = () => "hang";
      rig.display.show(new Framebuffer(128, 64), "full");
      assert.equal(await stopped(), 1000);
      assert.equal(rig.bus.open, 1);
      rig.bus.release();
      await rig.timers.pass(0);
      assert.equal(rig.bus.open, 0);
      assert.equal(rig.timers.waiting, 0);
    });

    it("waits for the newest picture, leaves it lit and closes the bus", async () => {
      await startAndShow();
      rig.display.show(new Framebuffer(128, 64), "full");
      const tookMs = await stopped();
      assert.ok(tookMs > 0 && tookMs < 100, `${tookMs} ms`);
      assert.deepEqual(rig.model.glass, new Framebuffer(128, 64));
      assert.equal(rig.bus.open, 0);
      assert.equal(rig.timers.waiting, 0);
    });

    it("tells nothing more, even if the display fails meanwhile", async () => {
      await startAndShow();
      rig.bus.unplug();
      rig.display.show(new Framebuffer(128, 64), "full");
      await stopped();
      assert.deepEqual(codes(), ["present"]);
      assert.equal(rig.bus.open, 0);
    });
  });
});
