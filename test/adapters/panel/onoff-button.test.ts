import assert from "node:assert/strict";
import { OnoffButton } from "../../../src/adapters/panel/onoff-button.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { GpioRig, systemError } from "./gpio-rig.ts";

const LINE = 529;

describe("a button on the header", () => {
  let rig: GpioRig;
  let button: OnoffButton;
  let clock: FakeClock;
  let told: string[];

  const start = () =>
    button.start(
      (pressed, atMs) => told.push(`${pressed ? "down" : "up"} ${atMs}`),
      (condition) => {
        rig.onCondition(condition);
        told.push(condition.state === "present" ? "present" : condition.code);
      },
    );

  beforeEach(() => {
    rig = new GpioRig();
    clock = new FakeClock();
    told = [];
    button = new OnoffButton({
      pin: { gpio: 17, pin: 11, activeLow: true },
      clock,
      timers: rig,
      folder: rig.folder,
      loadDriver: rig.loadDriver,
    });
  });
  afterEach(async () => {
    await button.stop();
    rig.remove();
  });

  it("tells every edge with its monotonic time, bounces included", async () => {
    await start();
    for (const value of [1, 0, 1, 1, 0] as const) {
      clock.pass(5);
      rig.pin(LINE).edgeTo(value);
    }
    assert.deepEqual(told, [
      "present",
      "down 1005",
      "up 1010",
      "down 1015",
      "down 1020",
      "up 1025",
    ]);
  });

  it("reads a low voltage as pressed, and both edges", async () => {
    await start();
    const pin = rig.pin(LINE);
    assert.deepEqual([pin.direction(), pin.edge(), pin.activeLow()], ["in", "both", true]);
  });

  it("tells that it is down from the start before it is present", async () => {
    rig.inputs.set(LINE, 1);
    await start();
    assert.deepEqual(told, ["down 1000", "present"]);
  });

  it("tells what happens while it is first read, and not what was read then", async () => {
    rig.inputs.set(LINE, 1);
    rig.onRead = () => rig.pin(LINE).edgeTo(0);
    await start();
    assert.deepEqual(told, ["up 1000", "present"]);
  });

  it("is absent when it cannot be read, and is found again", async () => {
    await start();
    rig.holdFromMs = 1000;
    const before = rig.pin(LINE);
    before.edgeTo(1, systemError("EIO"));
    await rig.until(() => rig.pauses.includes(1000));
    assert.deepEqual(told, ["present", "pin-unusable"]);
    assert.equal(before.open, false);
    before.edgeTo(1);
    rig.release();
    await rig.until(() => told.length > 2);
    rig.pin(LINE).edgeTo(1);
    assert.deepEqual(told.slice(2), ["present", "down 1000"]);
  });

  it("is absent where its pin is not to be had, and leaves nothing behind", async () => {
    rig.holdFromMs = 1000;
    rig.constructError = systemError("EBUSY");
    await start();
    assert.deepEqual(told, ["pin-in-use"]);
    assert.equal(rig.asked("unexport"), String(LINE));
  });

  it("gives up on a pin that the kernel does not make ready in two seconds", async () => {
    rig.holdFromMs = 1000;
    rig.lateFile = { file: "edge", looks: 1000 };
    await start();
    assert.deepEqual(told, ["pin-unusable"]);
    assert.equal(rig.pauses.filter((pause) => pause === 20).length, 100);
  });

  it("is corrected where another program left it otherwise", async () => {
    rig.exportPin(LINE, { direction: "out", edge: "rising" });
    await start();
    assert.deepEqual(told, ["present"]);
    assert.equal(rig.pin(LINE).edge(), "both");
    await button.stop();
    assert.deepEqual(rig.exported, [LINE]);
    assert.equal(rig.pin(LINE).watched, false);
  });

  it("tells nothing once it stopped, and gives its pin back", async () => {
    await start();
    const pin = rig.pin(LINE);
    await button.stop();
    pin.edgeTo(1);
    assert.deepEqual(told, ["present"]);
    assert.equal(pin.open, false);
    assert.deepEqual(rig.exported, []);
  });
});
