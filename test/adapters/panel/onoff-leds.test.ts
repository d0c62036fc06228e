import assert from "node:assert/strict";
import { GpioError } from "../../../src/adapters/panel/gpio-failures.ts";
import { OnoffLeds } from "../../../src/adapters/panel/onoff-leds.ts";
import type { PanelPins } from "../../../src/adapters/panel/read-pins.ts";
import type { LampLevels } from "../../../src/panel/lamps.ts";
import { GpioRig, systemError } from "./gpio-rig.ts";

const lead = (gpio: number, activeLow = false) => ({ gpio, pin: 15, activeLow });
const PINS: PanelPins["leds"] = {
  green: lead(22),
  yellow: lead(23),
  red: lead(24),
  activity: lead(27),
};
const LINES = [534, 535, 536, 539];
const DARK: LampLevels = { green: false, yellow: false, red: false, activity: false };

describe("LEDs on the header", () => {
  let rig: GpioRig;
  let leds: OnoffLeds;
  const make = (pins = PINS, loadDriver = rig.loadDriver) =>
    new OnoffLeds({ pins, timers: rig, folder: rig.folder, loadDriver });
  const start = () => leds.start(rig.onCondition);
  /** What is written until all is quiet. */
  const written = async (levels: LampLevels) => {
    rig.writes.length = 0;
    leds.set(levels);
    await settled();
    return rig.writes.join(" ");
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

  beforeEach(() => {
    rig = new GpioRig();
    leds = make();
  });
  afterEach(async () => {
    await leds.stop();
    rig.remove();
  });

  it("are found on the lines that the kernel has given to the header, and are dark", async () => {
    await start();
    assert.deepEqual(rig.told, ["present"]);
    assert.deepEqual(rig.exported, LINES);
    assert.deepEqual(
      rig.writes.filter((write) => write.includes("=")),
      LINES.map((line) => `${line}=0`),
    );
  });

  it("show what they were given before they started", async () => {
    leds.set({ ...DARK, red: true });
    await start();
    assert.ok(rig.writes.includes("536=1"));
  });

  it("are written to only where something changed", async () => {
    await start();
    assert.equal(await written({ ...DARK, green: true }), "534=1");
    assert.equal(await written({ ...DARK, green: true }), "");
    assert.equal(await written({ ...DARK, yellow: true }), "534=0 535=1");
  });

  it("end up as they were wanted last, with one operation on a pin at a time", async () => {
    await start();
    rig.writes.length = 0;
    for (let time = 0; time < 9; time++) leds.set({ ...DARK, activity: time % 2 === 0 });
    await settled();
    assert.equal(rig.writes.at(-1), "539=1");
    assert.ok(rig.writes.length <= 2);
    assert.deepEqual(rig.told, ["present"]);
  });

  it("begin unlit where they are lit by a low voltage", async () => {
    leds = make({ ...PINS, green: lead(22, true) });
    await start();
    assert.equal(rig.writes[0], "534 starts high");
    assert.equal(rig.pin(534).activeLow(), true);
    assert.equal(await written({ ...DARK, green: true }), "534=1");
  });

  it("are dark and given back once they stopped, and are not lit again", async () => {
    await start();
    assert.equal(await written({ ...DARK, red: true }), "536=1");
    const stopped = leds.stop();
    leds.set({ ...DARK, red: true });
    await stopped;
    leds.set({ ...DARK, red: true });
    await settled();
    assert.deepEqual(rig.writes.slice(1).sort(), LINES.map((line) => `${line}=0`).sort());
    assert.deepEqual(rig.exported, []);
    assert.deepEqual(rig.told, ["present"]);
  });

  it("are left to whoever had asked the kernel for them before", async () => {
    rig.exportPin(536, { direction: "out" });
    await start();
    await leds.stop();
    assert.deepEqual(rig.exported, [536]);
  });

  it("are set right where another program left them as inputs that tell edges", async () => {
    rig.exportPin(536, { edge: "both", active_low: "1" });
    await start();
    assert.deepEqual(rig.told, ["present"]);
    assert.equal(rig.pin(536).direction(), "out");
    assert.equal(rig.pin(536).activeLow(), false);
  });

  it("are absent with a reason where another program holds on to its settings", async () => {
    rig.exportPin(536);
    rig.obstinate = new Set(["direction"]);
    rig.holdFromMs = 1000;
    await start();
    assert.deepEqual(rig.told, ["no-permission"]);
    const [condition] = rig.conditions;
    assert.match(condition?.state === "absent" ? condition.reason : "", /GPIO 2\d \(pin 15\)/);
  });

  it("are absent with a reason where a setting does not last, and leave nothing open", async () => {
    rig.deaf = new Set(["direction"]);
    rig.holdFromMs = 1000;
    await start();
    assert.deepEqual(rig.conditions, [
      {
        state: "absent",
        code: "pin-unusable",
        reason:
          "GPIO 22 (pin 15) does not become an output: another program sets it otherwise. Stop " +
          "that program.",
      },
    ]);
    assert.equal(rig.pin(534).open, false);
  });

  it("wait for the system's rules, and do so without the library's busy loop", async () => {
    rig.lateFile = { file: "active_low", looks: 5 };
    await start();
    assert.deepEqual(rig.told, ["present"]);
    assert.ok(rig.pauses.filter((pause) => pause === 20).length >= 5);
  });

  it("are looked for after 1 s, doubling to 30 s, and told of only when that changes", async () => {
    rig.constructError = systemError("EBUSY");
    await start();
    const waits = () => rig.pauses.filter((pause) => pause >= 1000);
    await rig.until(() => waits().length >= 7);
    assert.deepEqual(waits().slice(0, 7), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.deepEqual(rig.told, ["pin-in-use"]);
    rig.constructError = undefined;
    await rig.until(() => rig.told.length > 1);
    assert.deepEqual(rig.told, ["pin-in-use", "present"]);
  });

  it("are absent when a write fails, and come back as they are wanted", async () => {
    await start();
    rig.holdFromMs = 1000;
    rig.useError = systemError("EIO");
    leds.set({ ...DARK, green: true });
    await rig.until(() => rig.told.length > 1);
    assert.deepEqual(rig.told, ["present", "pin-unusable"]);
    await rig.until(() => rig.pauses.includes(1000));
    assert.deepEqual(rig.exported, []);
    rig.useError = undefined;
    rig.writes.length = 0;
    rig.release();
    await rig.until(() => rig.told.length > 2);
    assert.equal(rig.told.at(-1), "present");
    assert.ok(rig.writes.includes("534=1"));
  });

  it("are not told to be present while every write fails", async () => {
    rig.useError = systemError("EIO");
    await start();
    await rig.until(() => rig.pauses.filter((pause) => pause >= 1000).length > 3);
    assert.deepEqual(rig.told, ["pin-unusable"]);
  });

  it("are absent where the library is missing", async () => {
    rig.holdFromMs = 1000;
    leds = make(PINS, async () => {
      throw new GpioError("no-driver", "Install it.");
    });
    await start();
    assert.deepEqual(rig.conditions, [
      { state: "absent", code: "no-driver", reason: "Install it." },
    ]);
  });

  it("can be stopped while they are looked for, and before they were started", async () => {
    await make().stop();
    rig.holdFromMs = 0;
    const started = start();
    await rig.until(() => rig.pauses.includes(20));
    await leds.stop();
    await started;
    assert.deepEqual(rig.conditions, []);
    assert.equal(rig.asked("unexport"), "534");
  });
});
