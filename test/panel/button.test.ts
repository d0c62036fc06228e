import assert from "node:assert/strict";
import fc from "fast-check";
import { buttonDueMs } from "../../src/panel/button.ts";
import type { HoldAction } from "../../src/panel/screen.ts";
import { ButtonRig } from "./machine-rigs.ts";

/** Pressed at 1000 and let go so long after. */
function held(ms: number): ButtonRig {
  const rig = new ButtonRig().contact(true, 1000).contact(false, 1000 + ms);
  return rig.passTo(1000 + ms + 100_000);
}

describe("the button", () => {
  const tiers: [number, HoldAction][] = [
    [30, "tap"],
    [2999, "tap"],
    [3000, "code"],
    [5999, "code"],
    [6000, "restart"],
    [11_999, "restart"],
    [12_000, "reset"],
    [20_000, "reset"],
  ];
  for (const [ms, action] of tiers) {
    it(`means ${action} when it is let go after ${ms} ms`, () => {
      assert.deepEqual(held(ms).outcome, [
        { kind: "pressed" },
        { kind: "released", heldMs: ms, action },
      ]);
    });
  }

  it("is stuck after 20001 ms, which is told once, and nothing happens when it is let go", () => {
    const rig = new ButtonRig().contact(true, 0).passTo(20_000);
    assert.deepEqual(rig.outcome, [{ kind: "pressed" }]);
    rig.passTo(20_001);
    assert.deepEqual(rig.outcome, [{ kind: "pressed" }, { kind: "stuck" }]);
    assert.equal(buttonDueMs(rig.state), null);
    rig.contact(false, 90_000).passTo(90_030);
    assert.deepEqual(rig.outcome.slice(2), [{ kind: "freed" }]);
  });

  it("is pressed only once its contact has rested for 30 ms", () => {
    assert.deepEqual(held(29).events, []);
    const rig = new ButtonRig().contact(true, 1000);
    assert.equal(buttonDueMs(rig.state), 1030);
    rig.step({ kind: "time", atMs: 1029 });
    assert.deepEqual(rig.events, []);
    rig.step({ kind: "time", atMs: 1030 });
    assert.deepEqual(rig.events, [{ kind: "pressed" }]);
  });

  it("stays pressed through an interruption of 29 ms, and not through one of 30", () => {
    const interrupted = (ms: number) =>
      new ButtonRig()
        .contact(true, 0)
        .contact(false, 2000)
        .contact(true, 2000 + ms)
        .contact(false, 4000)
        .passTo(5000)
        .outcome.slice(1);
    assert.deepEqual(interrupted(29), [{ kind: "released", heldMs: 4000, action: "code" }]);
    assert.equal(interrupted(30).length, 3);
  });

  it("tells each second of a press, and none while it bounces", () => {
    const rig = new ButtonRig().contact(true, 500).passTo(2499);
    assert.deepEqual(rig.events, [{ kind: "pressed" }, { kind: "held", heldMs: 1000 }]);
    rig.contact(false, 2499).passTo(2528);
    assert.equal(rig.events.length, 2);
    rig.passTo(2529);
    assert.deepEqual(rig.events.at(-1), { kind: "released", heldMs: 1999, action: "tap" });
  });

  it("counts from first edge to first edge, however the contact bounces", () => {
    const bounces = fc.array(fc.integer({ min: 0, max: 29 }), { maxLength: 12 });
    fc.assert(
      fc.property(bounces, bounces, fc.integer({ min: 400, max: 21_000 }), (down, up, ms) => {
        const rig = new ButtonRig();
        bounce(rig, true, 100, down);
        bounce(rig, false, 100 + ms, up);
        rig.passTo(40_000);
        const clean = new ButtonRig()
          .contact(true, 100)
          .contact(false, 100 + ms)
          .passTo(40_000);
        assert.deepEqual(rig.events, clean.events);
      }),
    );
  });

  it("sees a bounce that is read too late to be seen as the same reading twice", () => {
    const rig = new ButtonRig().contact(true, 0).contact(true, 29).passTo(58);
    assert.deepEqual(rig.events, []);
    rig.passTo(59).contact(false, 3000).contact(false, 3005).passTo(4000);
    assert.deepEqual(rig.outcome, [
      { kind: "pressed" },
      { kind: "released", heldMs: 3000, action: "code" },
    ]);
  });

  it("drops fractions of milliseconds", () => {
    const rig = new ButtonRig().contact(true, 0.9).contact(false, 3000.1).passTo(4000);
    assert.deepEqual(rig.outcome.at(-1), { kind: "released", heldMs: 3000, action: "code" });
  });
});

/** Changes the contact and lets it bounce with these pauses, so that it ends as it should. */
function bounce(rig: ButtonRig, pressed: boolean, atMs: number, pauses: readonly number[]): void {
  let level = pressed;
  let nowMs = atMs;
  rig.contact(level, nowMs);
  for (const pauseMs of pauses.slice(0, pauses.length & ~1)) {
    level = !level;
    nowMs += pauseMs;
    rig.contact(level, nowMs);
  }
}

describe("a press in doubt", () => {
  it("is one that was there from the start: it is ignored until it is let go", () => {
    const rig = new ButtonRig(false).contact(true, 0);
    rig.step({ kind: "condition", present: true, atMs: 1 });
    rig.contact(false, 4000).passTo(5000);
    assert.deepEqual(rig.events, []);
    rig.contact(true, 6000).contact(false, 6100).passTo(7000);
    assert.deepEqual(rig.outcome, [
      { kind: "pressed" },
      { kind: "released", heldMs: 100, action: "tap" },
    ]);
  });

  it("is stuck, too, if it lasts", () => {
    const rig = new ButtonRig(false).contact(true, 0).passTo(20_001);
    assert.deepEqual(rig.events, [{ kind: "stuck" }]);
    rig.contact(false, 30_000).passTo(30_030);
    assert.deepEqual(rig.events, [{ kind: "stuck" }, { kind: "freed" }]);
  });

  it("is one during which the button could not be read", () => {
    const rig = new ButtonRig().contact(true, 0).passTo(13_000);
    rig.step({ kind: "condition", present: false, atMs: 13_000 });
    rig.step({ kind: "contact", pressed: true, atMs: 13_500 });
    rig.step({ kind: "condition", present: true, atMs: 13_501 });
    rig.contact(false, 14_000).passTo(15_000);
    assert.deepEqual(rig.outcome, [{ kind: "pressed" }, { kind: "voided" }]);
  });

  it("is freed when a stuck button can be read no more", () => {
    const rig = new ButtonRig().contact(true, 0).passTo(20_001);
    rig.step({ kind: "condition", present: false, atMs: 21_000 });
    assert.deepEqual(rig.outcome.slice(1), [{ kind: "stuck" }, { kind: "freed" }]);
    rig.step({ kind: "condition", present: false, atMs: 22_000 });
    assert.equal(rig.outcome.length, 3);
  });

  it("is one that nobody counted down: its next second came more than 500 ms too late", () => {
    const late = (ms: number) => {
      const rig = new ButtonRig().contact(true, 0).passTo(4000);
      rig.step({ kind: "time", atMs: 5000 + ms });
      return rig.contact(false, 5600).passTo(6000).outcome.at(-1)?.kind;
    };
    assert.equal(late(500), "released");
    assert.equal(late(501), "voided");
  });

  it("is one that was noticed too late", () => {
    const rig = new ButtonRig();
    rig.step({ kind: "contact", pressed: true, atMs: 0 });
    rig.step({ kind: "contact", pressed: false, atMs: 2000 });
    rig.passTo(3000);
    assert.deepEqual(rig.events, []);
  });

  it("is one whose release was noticed too late", () => {
    const rig = new ButtonRig().contact(true, 0).contact(false, 4000);
    rig.step({ kind: "time", atMs: 9000 });
    assert.deepEqual(rig.outcome.at(-1), { kind: "voided" });
    assert.equal(rig.state.press, null);
  });
});
