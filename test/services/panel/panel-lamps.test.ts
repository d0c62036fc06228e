import assert from "node:assert/strict";
import { testPicture } from "../../../src/panel/test-picture.ts";
import { counted, type PanelRig, servingPanel } from "./panel-rig.ts";

const ATTENTION = {
  level: "attention",
  code: "too-hot",
  title: "TOO HOT",
  nextStep: "give it air",
} as const;

/** Which LEDs are lit at the beginning and at each of the next steps. */
async function lampsEvery(rig: PanelRig, ms: number, steps: number): Promise<string[]> {
  const seen = [rig.front.lamps.join("+")];
  for (let step = 0; step < steps; step++) {
    await rig.pass(ms);
    seen.push(rig.front.lamps.join("+"));
  }
  return seen;
}

describe("the panel's LEDs", () => {
  it("blink each half period, and are told of changes only", async () => {
    const rig = await servingPanel({}, counted(24));
    const told = rig.front.lit.length;
    assert.deepEqual(await lampsEvery(rig, 500, 4), ["green", "", "green", "", "green"]);
    assert.equal(rig.front.lit.length, told + 4);
  });

  it("tell of a hold, fast, once letting go does something", async () => {
    const rig = await servingPanel();
    rig.front.contact(true, rig.timers.nowMs);
    await rig.pass(2500);
    assert.deepEqual(rig.front.lamps, ["green"]);
    await rig.pass(1000);
    assert.deepEqual(await lampsEvery(rig, 125, 2), ["green+yellow", "green", "green+yellow"]);
  });

  it("tell of a factory reset that waits for its tap, in red", async () => {
    const rig = await servingPanel();
    await rig.press(12_460);
    assert.deepEqual(await lampsEvery(rig, 125, 2), ["green+red", "green", "green+red"]);
  });

  it("tell what wants attention, in yellow", async () => {
    const rig = await servingPanel({}, { faults: [ATTENTION] });
    assert.deepEqual(rig.front.lamps, ["green", "yellow"]);
  });

  it("flash at a contact for 60 ms, and flicker under load", async () => {
    const rig = await servingPanel();
    await rig.pass(300);
    rig.panel.contact();
    assert.deepEqual(rig.front.lamps, ["green", "activity"]);
    await rig.pass(59);
    assert.deepEqual(rig.front.lamps, ["green", "activity"]);
    await rig.pass(1);
    assert.deepEqual(rig.front.lamps, ["green"]);
    const told = rig.front.lit.length;
    for (let ms = 0; ms < 1000; ms++) {
      rig.panel.contact();
      await rig.pass(1);
    }
    const changes = rig.front.lit.length - told;
    assert.ok(changes >= 18 && changes <= 20, `${changes} changes in 1 s`);
  });

  it("cost no picture while they blink and flash", async () => {
    const rig = await servingPanel({}, counted(24));
    const pictures = rig.front.shown.length;
    await rig.pass(5000);
    rig.panel.contact();
    await rig.pass(200);
    assert.equal(rig.front.shown.length, pictures);
  });

  it("tell which box this is for a minute, to the second", async () => {
    const rig = await servingPanel();
    await rig.pass(250);
    rig.panel.identify();
    assert.deepEqual(await lampsEvery(rig, 500, 2), ["green+yellow", "green", "green+yellow"]);
    await rig.pass(58_999);
    assert.equal(rig.panel.snapshot().patterns.yellow, "slow");
    await rig.pass(1);
    assert.deepEqual([rig.panel.snapshot().patterns.yellow, rig.front.lamps], ["off", ["green"]]);
    assert.ok(!rig.said.at(-1)?.includes("yellow"));
  });
});

describe("the test picture", () => {
  const expected = testPicture(128, 64);

  it("is shown for 30 s, on a display that is off too", async () => {
    const rig = await servingPanel({ options: { dimAfterMs: 1000, offAfterMs: 2000 } });
    await rig.pass(2500);
    rig.panel.showTestPicture();
    assert.ok(rig.front.now.picture.equals(expected));
    assert.equal(rig.front.now.brightness, "full");
    assert.deepEqual(rig.panel.snapshot().lines, ["test picture"]);
    await rig.pass(29_999);
    assert.ok(rig.front.now.picture.equals(expected));
    await rig.pass(1);
    assert.ok(!rig.front.now.picture.equals(expected));
    assert.equal(rig.front.now.brightness, "off");
  });

  it("gives way to what the button does", async () => {
    const rig = await servingPanel();
    rig.panel.showTestPicture();
    rig.front.contact(true, rig.timers.nowMs);
    await rig.pass(3500);
    assert.equal(rig.panel.snapshot().lines[0], "let go now: admin code");
    assert.ok(!rig.front.now.picture.equals(expected));
  });
});
