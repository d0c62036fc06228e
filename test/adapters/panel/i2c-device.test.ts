import assert from "node:assert/strict";
import type { I2cBus } from "../../../src/adapters/panel/i2c-bus.ts";
import { I2cDevice, I2cStuckError } from "../../../src/adapters/panel/i2c-device.ts";
import { FakeTimers } from "../../support/fake-clock.ts";

const BUS: I2cBus = { writeI2cBlock: async () => undefined, close: async () => undefined };

describe("A device on a bus", () => {
  let timers: FakeTimers;
  let answer: (bus: I2cBus) => void;
  let opened: Promise<unknown>;

  beforeEach(() => {
    timers = new FakeTimers();
    const bus = new Promise<I2cBus>((resolve) => {
      answer = resolve;
    });
    opened = new I2cDevice(() => bus, 0x3c, timers).open().catch((error: unknown) => error);
  });

  it("is not given up because the process was busy until the limit was over", async () => {
    // After a long time the timers come first, and what ended meanwhile right after them.
    await timers.fire();
    answer(BUS);
    assert.equal(await opened, undefined);
    assert.deepEqual(timers.delays, []);
  });

  it("is given up after the limit", async () => {
    let waitedMs = 0;
    while (timers.delays.length > 0) {
      waitedMs += timers.delays[0] ?? 0;
      await timers.fire();
    }
    assert.equal(waitedMs, 2000);
    assert.ok((await opened) instanceof I2cStuckError);
  });
});
