import assert from "node:assert/strict";
import { stub } from "sinon";
import type { PanelActs } from "../../../src/services/panel/panel-acts.ts";
import { CODE, PanelRig, servingPanel } from "./panel-rig.ts";

const SECRET = /7KM4|TXWC/;

function failing(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

describe("the panel's button", () => {
  it("turns to the next page by a tap, and does nothing else", async () => {
    const rig = await servingPanel();
    await rig.press(100);
    assert.match(rig.panel.snapshot().lines[0] ?? "", /^host kms-box/);
    assert.deepEqual(rig.asked, []);
  });

  it("counts down what letting go will do", async () => {
    const rig = await servingPanel();
    rig.front.contact(true, rig.timers.nowMs);
    const seen: (string | undefined)[] = [];
    for (const ms of [1040, 2000, 3000, 6000, 8001]) {
      await rig.pass(ms);
      seen.push(rig.panel.snapshot().lines[0]);
    }
    assert.deepEqual(seen, [
      "let go now: next page",
      "let go now: admin code",
      "let go now: restart",
      "let go now: factory reset",
      "BUTTON STUCK",
    ]);
    assert.deepEqual(rig.events.names.slice(-1), ["button-stuck"]);
    rig.front.contact(false, rig.timers.nowMs);
    await rig.pass(100);
    assert.deepEqual([rig.events.names.at(-1), rig.asked], ["button-found", []]);
  });

  it("shows a code after 3 s, and tells it nowhere but on the display", async () => {
    const rig = await servingPanel();
    await rig.press(3500);
    assert.deepEqual(rig.asked, ["code"]);
    rig.mustShow({ kind: "code", code: CODE, remainingMs: 300_000 });
    const { lines, parts } = rig.panel.snapshot();
    assert.deepEqual(lines, ["one-time code shown on the display"]);
    assert.doesNotMatch(JSON.stringify([lines, parts, rig.said, rig.events.all]), SECRET);
    assert.match(rig.said.at(-1) ?? "", /^one-time code shown/);
  });

  it("takes the code away by a tap, or once it has expired", async () => {
    const rig = await servingPanel();
    await rig.press(3500);
    await rig.press(100);
    assert.equal(rig.panel.snapshot().lines[0], "Example Desktop");
    await rig.press(3500);
    await rig.pass(300_000);
    assert.equal(rig.panel.snapshot().lines[0], "Example Desktop");
    assert.doesNotMatch(rig.said.join("\n"), SECRET);
  });

  it("asks for a restart after 6 s, 3 s after letting go only", async () => {
    const rig = await servingPanel();
    rig.front.contact(true, rig.timers.nowMs);
    await rig.pass(7000);
    assert.deepEqual(rig.asked, []);
    rig.front.contact(false, rig.timers.nowMs);
    await rig.pass(40);
    rig.mustShow({ kind: "restart-offer", remainingMs: 3000 });
    assert.equal(rig.said.at(-1), "restarting, tap: power off | green fast");
    await rig.pass(2000);
    assert.deepEqual([rig.asked, rig.panel.snapshot().lines[0]], [[], "restarting in 1 s"]);
    await rig.pass(1000);
    assert.deepEqual(rig.asked, ["restart"]);
    rig.mustShow({ kind: "restarting" });
  });

  it("asks to switch off by a tap in the 3 s before a restart", async () => {
    const rig = await servingPanel();
    await rig.press(7000);
    await rig.pass(1000);
    await rig.press(100);
    await rig.pass(5000);
    assert.deepEqual(rig.asked, ["power-off"]);
    rig.mustShow({ kind: "powering-off" });
    await rig.panel.stop();
    rig.mustShow({ kind: "powering-off" });
  });

  it("asks for a factory reset after 12 s once a tap confirms it", async () => {
    const rig = await servingPanel();
    await rig.press(12_500);
    assert.match(rig.panel.snapshot().lines[0] ?? "", /^factory reset\? tap within/);
    assert.ok(rig.said.at(-1)?.startsWith("factory reset? tap to confirm"));
    assert.deepEqual(rig.asked, []);
    await rig.pass(1000);
    await rig.press(100);
    assert.deepEqual(rig.asked, ["reset"]);
    rig.mustShow({ kind: "resetting" });
  });

  it("does not reset without the tap", async () => {
    const rig = await servingPanel();
    await rig.press(12_500);
    await rig.pass(11_000);
    await rig.press(100);
    assert.deepEqual(rig.asked, []);
  });

  it("is ignored while it was held from the start", async () => {
    const rig = new PanelRig();
    const { button } = rig.front;
    const usual = button.start.bind(button);
    stub(button, "start").callsFake(async (onChange, onCondition) => {
      onChange(true, rig.timers.nowMs);
      await usual(onChange, onCondition);
    });
    await rig.start();
    rig.serve();
    await rig.pass(7000);
    rig.front.contact(false, rig.timers.nowMs);
    await rig.pass(100);
    assert.deepEqual(rig.asked, []);
    assert.equal(rig.panel.snapshot().lines[0], "Example Desktop");
  });
});

describe("what the button asks for and does not get", () => {
  /** Presses: how long, and what passes until the next. */
  type Presses = readonly (readonly [heldMs: number, restMs: number])[];
  const refusals: readonly [Partial<PanelActs>, Presses, string][] = [
    [{ issueCode: failing("no entropy") }, [[3500, 600]], "NO CODE"],
    [{ restart: failing("no entropy") }, [[6500, 3000]], "NO RESTART"],
    [
      { powerOff: async () => failing("no entropy")() },
      [
        [6500, 600],
        [100, 600],
      ],
      "NO POWER OFF",
    ],
    [
      { factoryReset: async () => failing("no entropy")() },
      [
        [12_500, 600],
        [100, 600],
      ],
      "NO RESET",
    ],
  ];
  for (const [acts, presses, title] of refusals) {
    it(`is a message, and the panel goes on: ${title}`, async () => {
      const rig = await servingPanel({ acts });
      for (const [heldMs, restMs] of presses) {
        await rig.press(heldMs);
        await rig.pass(restMs);
      }
      assert.deepEqual(rig.panel.snapshot().lines, [title, "no entropy"]);
      rig.mustShow({ kind: "message", title, detail: "no entropy" });
      await rig.pass(10_000);
      assert.equal(rig.panel.snapshot().lines[0], "Example Desktop");
      await rig.press(100);
      assert.match(rig.panel.snapshot().lines[0] ?? "", /^host/);
    });

    it(`is a message too while the box starts: ${title}`, async () => {
      const rig = new PanelRig();
      await rig.start();
      for (const [heldMs, restMs] of presses) {
        await rig.press(heldMs);
        await rig.pass(restMs);
      }
      const [shown, detail] = rig.panel.snapshot().lines;
      assert.equal(shown, title);
      assert.match(detail ?? "", /still starting/);
      assert.deepEqual(rig.asked, []);
      await rig.pass(10_000);
      rig.mustShow({ kind: "starting" });
    });
  }

  it("is not told once the panel has stopped", async () => {
    let refuse: (error: Error) => void = () => undefined;
    const factoryReset = () =>
      new Promise<void>((_, reject) => {
        refuse = reject;
      });
    const rig = await servingPanel({ acts: { factoryReset } });
    await rig.press(12_500);
    await rig.pass(600);
    await rig.press(100);
    await rig.panel.stop();
    refuse(new Error("too late"));
    await rig.pass(1000);
    rig.mustShow({ kind: "resetting" });
    assert.equal(rig.timers.waiting, 0);
  });
});
