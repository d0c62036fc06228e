import assert from "node:assert/strict";
import { drawScreen } from "../../../src/panel/draw-screen.ts";
import type { PartCondition } from "../../../src/ports/panel.ts";
import { bootFacts } from "../../../src/services/panel/boot-facts.ts";
import { showOnce } from "../../../src/services/panel/show-once.ts";
import { oledRig, SHOWN_MS } from "../../support/oled-rig.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

const PICTURE = drawScreen({ kind: "off" }, bootFacts(""), { width: 128, height: 64 });

describe("one picture on the display", () => {
  it("is sent whole and stays, and the bus is let go", async () => {
    const { display, timers, model, bus } = oledRig();
    const shown = showOnce(display, PICTURE, timers);
    await timers.pass(2 * SHOWN_MS);
    assert.deepEqual(await shown, { state: "present" });
    assert.ok(model.glass?.equals(PICTURE));
    assert.deepEqual(bus.violations, []);
    await timers.pass(60_000);
    assert.equal(timers.waiting, 0);
  });

  it("is none where there is no display, which is told", async () => {
    const { display, timers, bus } = oledRig();
    bus.unplug();
    const shown = showOnce(display, PICTURE, timers);
    await timers.pass(5000);
    assert.equal((await shown).state, "absent");
  });

  it("is not waited for longer than 3 s", async () => {
    const timers = new VirtualTimers();
    const display = {
      start: async () => undefined,
      show: () => undefined,
      stop: async () => undefined,
    };
    const told: PartCondition[] = [];
    void showOnce(display, PICTURE, timers).then((condition) => void told.push(condition));
    await timers.pass(2999);
    assert.equal(told.length, 0);
    await timers.pass(1);
    assert.equal(told[0]?.state, "absent");
  });
});
