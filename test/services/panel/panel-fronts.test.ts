import assert from "node:assert/strict";
import { FakeFront, PRESENT } from "../../support/fake-front.ts";
import { CODE, counted, PanelRig, servingPanel } from "./panel-rig.ts";

const LOST = { state: "absent", code: "lost", reason: "Gone" } as const;

describe("a panel with several fronts", () => {
  it("shows and lights the same at each", async () => {
    const mirror = new FakeFront();
    const rig = await servingPanel({ mirrors: [mirror] }, counted(24));
    await rig.pass(3000);
    assert.deepEqual(mirror.shown, rig.front.shown);
    assert.deepEqual(mirror.lit, rig.front.lit);
    await rig.panel.stop();
    assert.deepEqual(mirror.calls.slice(-3), ["stop button", "stop leds", "stop display"]);
  });

  it("starts every display and LED before it shows anything, and the buttons last", async () => {
    const mirror = new FakeFront();
    const rig = new PanelRig({ mirrors: [mirror] });
    await rig.panel.start();
    for (const { calls } of [rig.front, mirror]) {
      assert.deepEqual(calls.slice(0, 2), ["start display", "start leds"]);
    }
    assert.deepEqual(mirror.calls.slice(2, 4), ["set", "show"]);
  });

  it("does not wait for a part that takes long", async () => {
    const rig = new PanelRig();
    const never = () => new Promise<void>(() => undefined);
    Object.assign(rig.front.leds, { start: never });
    Object.assign(rig.front.button, { start: never });
    await rig.start();
    rig.serve();
    rig.mustRead("31");
  });

  it("is pressed at any of them", async () => {
    const mirror = new FakeFront();
    const rig = await servingPanel({ mirrors: [mirror] });
    mirror.contact(true, rig.timers.nowMs);
    await rig.pass(3500);
    // Another button that is tapped meanwhile lets nothing go.
    await rig.press(100);
    assert.deepEqual(rig.asked, []);
    mirror.contact(false, rig.timers.nowMs);
    await rig.pass(40);
    rig.mustShow({ kind: "code", code: CODE, remainingMs: 300_000 });
  });

  it("forgets a press at a button that is gone, and heeds the other one", async () => {
    const mirror = new FakeFront();
    const rig = await servingPanel({ mirrors: [mirror] });
    rig.front.contact(true, rig.timers.nowMs);
    await rig.pass(6500);
    rig.front.tell.button(LOST);
    await rig.pass(100);
    assert.equal(rig.panel.snapshot().lines[0], "Example Desktop");
    mirror.contact(true, rig.timers.nowMs);
    await rig.pass(100);
    mirror.contact(false, rig.timers.nowMs);
    await rig.pass(40);
    assert.match(rig.panel.snapshot().lines[0] ?? "", /^host/);
    assert.deepEqual(rig.asked, []);
  });

  it("goes on with a press while a button is only told to be there again", async () => {
    const rig = await servingPanel();
    rig.front.contact(true, rig.timers.nowMs);
    await rig.pass(3500);
    rig.front.tell.button(PRESENT);
    rig.front.contact(false, rig.timers.nowMs);
    await rig.pass(40);
    assert.deepEqual(rig.asked, ["code"]);
  });

  it("heeds no button once all are gone", async () => {
    const rig = await servingPanel();
    rig.front.contact(true, rig.timers.nowMs);
    await rig.pass(6500);
    rig.front.tell.button(LOST);
    rig.front.contact(false, rig.timers.nowMs);
    await rig.pass(100);
    assert.deepEqual(rig.asked, []);
  });

  it("shows the newest picture last also if a button is pressed while it is shown", async () => {
    const mirror = new FakeFront();
    const rig = await servingPanel({ mirrors: [mirror] });
    const show = rig.front.display.show.bind(rig.front.display);
    let presses = 0;
    rig.front.display.show = (picture, brightness) => {
      show(picture, brightness);
      if (presses++ === 0) rig.panel.end("restarting");
    };
    await rig.press(100);
    rig.mustShow({ kind: "restarting" });
    assert.ok(mirror.now.picture.equals(rig.front.now.picture));
    assert.equal(rig.panel.snapshot().lines[0], "restarting");
  });
});

describe("the parts of a panel's front", () => {
  it("are told as events, once for each change", async () => {
    const rig = await servingPanel();
    const { tell } = rig.front;
    tell.display(PRESENT);
    tell.display(LOST);
    tell.display({ ...LOST });
    tell.display({ ...LOST, reason: "Still gone." });
    tell.display(PRESENT);
    tell.leds(LOST);
    tell.button(LOST);
    tell.button(PRESENT);
    assert.deepEqual(rig.events.names, [
      "display-found",
      "leds-found",
      "button-found",
      "display-lost",
      "display-lost",
      "display-found",
      "leds-lost",
      "button-lost",
      "button-found",
    ]);
    const [lost] = rig.events.named("display-lost");
    assert.equal(
      lost?.message,
      "The display of the front panel cannot be used: Gone. The box goes on without.",
    );
    assert.deepEqual(lost?.details, { code: "lost" });
  });

  it("stand in words", async () => {
    const rig = await servingPanel();
    rig.front.tell.leds(LOST);
    assert.deepEqual(rig.panel.snapshot().parts, {
      display: "present",
      leds: "Gone",
      button: "present",
    });
    const unknown = new PanelRig();
    assert.equal(unknown.panel.snapshot().parts.button, "not looked for yet");
  });

  it("of a mirror are not told", async () => {
    const rig = await servingPanel({ hardware: undefined, mirrors: [new FakeFront()] });
    assert.deepEqual(rig.events.all, []);
    assert.equal(rig.panel.snapshot().parts.display, "none");
  });

  it("are not called found where a stuck button cannot be read any more", async () => {
    const rig = await servingPanel();
    rig.front.contact(true, rig.timers.nowMs);
    await rig.pass(21_000);
    rig.front.tell.button(LOST);
    assert.deepEqual(rig.events.names.slice(-2), ["button-stuck", "button-lost"]);
  });
});
