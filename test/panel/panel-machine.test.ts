import assert from "node:assert/strict";
import { nextDueMs } from "../../src/panel/panel-due.ts";
import { pagesOf } from "../../src/panel/panel-pages.ts";
import { lampFactsOf } from "../../src/panel/panel-state.ts";
import { PanelRig, pagesWith } from "./machine-rigs.ts";

const PLAIN = pagesWith();
const OFFER = { kind: "restart-offer" };

describe("the pages", () => {
  it("are faults first, then counts, network, DNS, clients and health", () => {
    const fault = { level: "fault" as const, code: "no-clock", title: "NO CLOCK", nextStep: "" };
    const count = { name: "Office", activationCount: 3, activationThreshold: 5 };
    const pages = pagesOf({ faults: [fault], counts: [count, { ...count, name: "Server" }] });
    assert.deepEqual(
      pages.map(({ name }) => name),
      [
        { page: "fault", index: 0 },
        { page: "count", index: 0 },
        { page: "count", index: 1 },
        { page: "network" },
        { page: "dns" },
        { page: "clients" },
        { page: "health" },
      ],
    );
  });

  it("turn by themselves every six seconds, from the last to the first", () => {
    const rig = PanelRig.serving(PLAIN);
    const seen = [rig.shown];
    for (let turn = 0; turn < 5; turn++) {
      assert.equal(rig.pass(5999).shown, seen.at(-1));
      seen.push(rig.pass(1).shown);
    }
    assert.deepEqual(seen, ["count 0", "network", "dns", "clients", "health", "count 0"]);
  });

  it("tell their place, their number and for how long they have been shown", () => {
    const rig = PanelRig.serving(PLAIN).pass(6250);
    assert.deepEqual(rig.view.screen, {
      kind: "page",
      name: { page: "network" },
      position: 1,
      pages: 5,
      sinceMs: 250,
    });
  });

  it("turn at a tap, stay for a minute and go on", () => {
    const rig = PanelRig.serving(PLAIN).tap();
    assert.equal(rig.shown, "network");
    assert.equal(rig.pass(59_999).shown, "network");
    assert.equal(rig.pass(1).shown, "dns");
    assert.equal(rig.pass(6000).shown, "clients");
  });

  it("turn at each of several taps, from the last to the first", () => {
    const rig = PanelRig.serving(PLAIN).tap().tap().tap().tap();
    assert.equal(rig.shown, "health");
    assert.equal(rig.tap().shown, "count 0");
  });

  it("stay while the button is down", () => {
    const rig = PanelRig.serving(PLAIN).pass(5950).press().pass(500);
    assert.equal(rig.shown, "count 0");
    assert.equal(rig.release().shown, "network");
  });

  it("stay where they are when there are others before them", () => {
    const rig = PanelRig.serving(PLAIN).pass(6000);
    assert.equal(rig.tell({ kind: "pages", pages: PLAIN.toSpliced(0, 1) }).shown, "network");
    assert.equal(rig.tell({ kind: "pages", pages: PLAIN }).shown, "network");
  });

  it("begin anew when the one shown is gone", () => {
    const rig = PanelRig.serving(PLAIN);
    assert.equal(rig.tell({ kind: "pages", pages: PLAIN.toSpliced(0, 1) }).shown, "network");
    assert.equal(rig.tell({ kind: "pages", pages: [] }).shown, "starting");
    assert.equal(rig.tap().shown, "starting");
  });
});

describe("the panel before the host serves", () => {
  it("says so, however long that takes, and stays lit", () => {
    const rig = new PanelRig().tell({ kind: "pages", pages: PLAIN }).pass(3_600_000);
    assert.equal(rig.shown, "starting");
    assert.equal(rig.brightness, "full");
    assert.equal(rig.tap().shown, "starting");
  });

  it("shows its faults, but nothing that is merely worth attention", () => {
    const rig = new PanelRig().tell({ kind: "pages", pages: pagesWith("a", "b", "!c") });
    assert.equal(rig.shown, "fault 0");
    assert.equal(rig.tap().shown, "fault 1");
    assert.equal(rig.tap().shown, "fault 0");
    rig.tell({ kind: "pages", pages: pagesWith("!c") });
    assert.equal(rig.shown, "starting");
    assert.equal(rig.tell({ kind: "serving" }).shown, "fault 0");
  });

  it("restarts after a long press all the same", () => {
    assert.deepEqual(new PanelRig().hold(6000).pass(3000).effects, ["restart"]);
  });
});

describe("a fault", () => {
  it("is shown at once and stays, while taps still turn through all pages", () => {
    const rig = PanelRig.serving(PLAIN).pass(6000);
    rig.tell({ kind: "pages", pages: pagesWith("no-clock") });
    assert.equal(rig.shown, "fault 0");
    assert.equal(rig.pass(100_000).shown, "fault 0");
    assert.equal(rig.tap().shown, "count 0");
    assert.equal(rig.tap().shown, "network");
    assert.equal(rig.pass(29_999).shown, "network");
    assert.equal(rig.pass(1).shown, "fault 0");
  });

  it("takes turns with others of its kind", () => {
    const rig = PanelRig.serving(pagesWith("a", "b", "!c"));
    assert.equal(rig.shown, "fault 0");
    assert.equal(rig.pass(6000).shown, "fault 1");
    assert.equal(rig.pass(6000).shown, "fault 0");
  });

  it("lights the display and keeps it lit until it is mended", () => {
    const rig = PanelRig.serving(PLAIN).pass(700_000);
    assert.equal(rig.brightness, "off");
    rig.tell({ kind: "pages", pages: pagesWith("no-clock") });
    assert.equal(rig.brightness, "full");
    assert.equal(rig.pass(86_400_000).brightness, "full");
    rig.tell({ kind: "pages", pages: PLAIN });
    assert.equal(rig.shown, "count 0");
    assert.equal(rig.pass(119_999).brightness, "full");
    assert.equal(rig.pass(1).brightness, "dim");
  });

  it("comes to the front once, even before somebody who turns the pages", () => {
    const rig = PanelRig.serving(pagesWith("a")).tap();
    rig.tell({ kind: "pages", pages: pagesWith("b", "a") });
    assert.equal(rig.shown, "fault 0");
    rig.tap().tap();
    rig.tell({ kind: "pages", pages: pagesWith("b", "a") });
    assert.equal(rig.shown, "count 0");
  });

  it("takes a tap that was meant for another page", () => {
    const rig = PanelRig.serving(PLAIN).press().pass(100);
    rig
      .tell({ kind: "pages", pages: pagesWith("a") })
      .pass(100)
      .release();
    assert.equal(rig.shown, "fault 0");
  });

  it("is new when attention becomes a fault", () => {
    const rig = PanelRig.serving(pagesWith("!a")).pass(700_000);
    assert.equal(rig.brightness, "off");
    assert.equal(rig.tell({ kind: "pages", pages: pagesWith("a") }).brightness, "full");
  });
});

describe("what wants attention", () => {
  it("is shown at once, and then the pages go on turning", () => {
    const rig = PanelRig.serving(PLAIN).pass(6000);
    rig.tell({ kind: "pages", pages: pagesWith("!hot") });
    assert.equal(rig.shown, "fault 0");
    assert.equal(rig.pass(6000).shown, "count 0");
  });

  it("interrupts nobody who turns the pages, and remains in the dark", () => {
    const rig = PanelRig.serving(PLAIN).tap();
    assert.equal(rig.tell({ kind: "pages", pages: pagesWith("!hot") }).shown, "network");
    rig.tell({ kind: "pages", pages: PLAIN }).pass(700_000);
    rig.tell({ kind: "pages", pages: pagesWith("!hot") });
    assert.equal(rig.brightness, "off");
    assert.equal(rig.tap().shown, "fault 0");
  });
});

describe("the display", () => {
  it("dims two minutes and turns off ten minutes after the last press", () => {
    const rig = PanelRig.serving(PLAIN);
    rig.pass(100_000).tap();
    assert.equal(rig.pass(119_999).brightness, "full");
    assert.equal(rig.pass(1).brightness, "dim");
    assert.equal(rig.pass(479_999).brightness, "dim");
    assert.equal(rig.pass(1).brightness, "off");
  });

  it("does neither if configured so", () => {
    const rig = PanelRig.serving(PLAIN, { dimAfterMs: 0, offAfterMs: 0 }).pass(86_400_000);
    assert.equal(rig.brightness, "full");
    const off = PanelRig.serving(PLAIN, { dimAfterMs: 60_000, offAfterMs: 1000 }).pass(60_000);
    assert.equal(off.brightness, "off");
  });

  it("is woken by a tap that does nothing else", () => {
    const rig = PanelRig.serving(PLAIN).pass(122_000);
    const before = rig.shown;
    rig.press().pass(30);
    assert.equal(rig.brightness, "full");
    rig.pass(100).release();
    assert.equal(rig.shown, before);
    assert.notEqual(rig.tap().shown, before);
  });

  it("begins at the first page after it was off", () => {
    const rig = PanelRig.serving(PLAIN).tap().pass(600_000);
    assert.equal(rig.tap().shown, "count 0");
    assert.equal(rig.pass(6000).shown, "network");
  });

  it("lets a long press act that woke it, as its countdown was shown", () => {
    const rig = PanelRig.serving(PLAIN).pass(700_000).press().pass(1000);
    assert.equal(rig.shown, "holding");
    assert.deepEqual(rig.pass(2000).release().effects, ["issue-code"]);
  });

  it("asks for nothing while it is off", () => {
    assert.equal(nextDueMs(PanelRig.serving(PLAIN).pass(700_000).state), null);
  });

  it("moves its picture by a pixel every two minutes, and is back after twelve", () => {
    const rig = PanelRig.serving(PLAIN);
    const shifts = Array.from({ length: 7 }, () => {
      const { x, y } = rig.view.shift;
      rig.pass(120_000);
      return `${x},${y}`;
    });
    assert.deepEqual(shifts, ["0,0", "1,0", "2,0", "2,1", "1,1", "0,1", "0,0"]);
  });
});

describe("a long press", () => {
  it("counts down what letting go does, second by second", () => {
    const rig = PanelRig.serving(PLAIN).press().pass(999);
    assert.equal(rig.shown, "count 0");
    const lines: string[] = [];
    for (let second = 1; second <= 20; second++) {
      rig.pass(second === 1 ? 1 : 1000);
      const { screen } = rig.view;
      assert.equal(screen.kind, "holding");
      if (screen.kind !== "holding") return;
      assert.equal(screen.heldMs, second * 1000);
      lines.push(`${screen.action} ${screen.next} ${screen.nextInMs}`);
    }
    assert.deepEqual(
      [1, 2, 3, 5, 6, 11, 12, 20].map((second) => lines[second - 1]),
      [
        "tap code 2000",
        "tap code 1000",
        "code restart 3000",
        "code restart 1000",
        "restart reset 6000",
        "restart reset 1000",
        "reset nothing 8000",
        "reset nothing 0",
      ],
    );
    assert.deepEqual(rig.effects, []);
  });

  it("restarts the host after 3 s, and the panel says so", () => {
    const rig = PanelRig.serving(PLAIN).hold(6000);
    assert.deepEqual(rig.view.screen, { kind: "restart-offer", remainingMs: 3000 });
    assert.equal(lampFactsOf(rig.state).ending, "restarting");
    rig.pass(2999);
    assert.deepEqual([rig.view.screen, rig.effects], [{ ...OFFER, remainingMs: 1000 }, []]);
    assert.deepEqual(rig.pass(1).effects, ["restart"]);
    assert.equal(rig.shown, "restarting");
    assert.deepEqual(rig.hold(6000).effects, ["restart"]);
    assert.equal(rig.tell({ kind: "stopped" }).shown, "stopped");
  });

  it("switches the machine off by a tap while it says that it restarts", () => {
    const rig = PanelRig.serving(PLAIN).hold(6000).pass(1000).tap();
    assert.deepEqual([rig.effects, rig.shown], [["power-off"], "powering-off"]);
    assert.deepEqual(rig.pass(60_000).effects, ["power-off"]);
    assert.equal(lampFactsOf(rig.state).ending, "powering-off");
  });

  it("restarts the host after all where the tap comes too soon, too late or not as one", () => {
    const offered = () => PanelRig.serving(PLAIN).hold(6000);
    for (const rig of [
      offered().tap().pass(3000),
      offered().pass(2950).tap(),
      offered().pass(600).hold(3500).pass(3000),
      offered().pass(600).press().pass(3500).tell({ kind: "button-condition", present: false }),
    ]) {
      assert.deepEqual([rig.effects, rig.shown], [["restart"], "restarting"]);
    }
  });

  it("does not restart a host that ends otherwise meanwhile", () => {
    const rig = PanelRig.serving(PLAIN).hold(6000).tell({ kind: "resetting" });
    assert.deepEqual([rig.shown, rig.pass(5000).effects], ["resetting", []]);
  });

  it("goes on where the machine cannot be switched off", () => {
    const rig = PanelRig.serving(PLAIN).hold(6000).pass(1000).tap();
    rig.tell({ kind: "action-failed", title: "NO POWER OFF", detail: "by hand" });
    assert.equal(rig.shown, "message");
    assert.equal(rig.pass(10_000).shown, "count 0");
    assert.deepEqual(rig.hold(6000).pass(3000).effects, ["power-off", "restart"]);
  });

  it("says what went wrong when its action failed, and the pages come back", () => {
    const rig = PanelRig.serving(PLAIN).hold(6000).pass(3000);
    rig.tell({ kind: "action-failed", title: "NO RESTART", detail: "not run by systemd" });
    assert.deepEqual(rig.view.screen, {
      kind: "message",
      title: "NO RESTART",
      detail: "not run by systemd",
    });
    assert.equal(rig.pass(9999).shown, "message");
    assert.equal(rig.pass(1).shown, "count 0");
  });

  it("does nothing once it is stuck", () => {
    const rig = PanelRig.serving(PLAIN).press().pass(20_001);
    assert.deepEqual(rig.effects, ["button-stuck"]);
    assert.equal(rig.shown, "message");
    assert.equal(rig.pass(10_000).shown, "count 0");
    assert.equal(rig.pass(700_000).brightness, "off");
    assert.deepEqual(rig.release().effects, ["button-stuck", "button-freed"]);
  });

  it("does nothing when the button is lost meanwhile", () => {
    const rig = PanelRig.serving(PLAIN).press().pass(7000);
    rig.tell({ kind: "button-condition", present: false });
    assert.equal(rig.shown, "count 0");
    assert.deepEqual(rig.release().effects, []);
  });

  it("does nothing when nobody counted it down", () => {
    const rig = PanelRig.serving(PLAIN).press().pass(2000);
    rig.nowMs += 5000;
    assert.deepEqual(rig.release().effects, []);
    assert.equal(rig.shown, "count 0");
  });

  it("does nothing when the host ends meanwhile", () => {
    for (const kind of ["restarting", "resetting", "powering-off", "stopped"] as const) {
      const rig = PanelRig.serving(PLAIN).press().pass(7000).tell({ kind });
      assert.equal(rig.shown, kind);
      assert.deepEqual(rig.release().effects, []);
      assert.equal(rig.tap().shown, kind);
    }
  });
});

describe("a one-time code", () => {
  const withCode = () => {
    const rig = PanelRig.serving(PLAIN).hold(3000);
    assert.deepEqual(rig.effects, ["issue-code"]);
    return rig.tell({ kind: "code-issued", code: "7KM4-TXWC", expiresMs: rig.nowMs + 300_000 });
  };

  it("is shown until it expires, counting the seconds, and the display stays lit", () => {
    const rig = withCode();
    assert.deepEqual(rig.view.screen, { kind: "code", code: "7KM4-TXWC", remainingMs: 300_000 });
    rig.pass(1);
    assert.deepEqual(rig.view.screen, { kind: "code", code: "7KM4-TXWC", remainingMs: 300_000 });
    rig.pass(299_998);
    assert.deepEqual(rig.view.screen, { kind: "code", code: "7KM4-TXWC", remainingMs: 1000 });
    assert.equal(rig.brightness, "full");
    assert.equal(rig.pass(1).shown, "count 0");
    assert.equal(rig.pass(119_999).brightness, "full");
  });

  it("is put away by a tap that does nothing else", () => {
    assert.equal(withCode().tap().shown, "count 0");
  });

  it("is put away once it was used, and nothing else is", () => {
    const rig = withCode().tell({ kind: "code-gone" });
    assert.equal(rig.shown, "count 0");
    assert.equal(rig.press().pass(1000).tell({ kind: "code-gone" }).shown, "holding");
  });

  it("stands before a new fault until it is put away", () => {
    const rig = withCode().tell({ kind: "pages", pages: pagesWith("a") });
    assert.equal(rig.shown, "code");
    assert.equal(rig.tap().shown, "fault 0");
  });

  it("gives way to the countdown of another long press", () => {
    const rig = withCode().press().pass(1000);
    assert.equal(rig.shown, "holding");
    assert.deepEqual(rig.pass(2000).release().effects, ["issue-code", "issue-code"]);
  });

  it("does not come between a press and what that was meant for", () => {
    const rig = PanelRig.serving(PLAIN).press().pass(100);
    rig.tell({ kind: "code-issued", code: "7KM4-TXWC", expiresMs: rig.nowMs + 300_000 });
    assert.equal(rig.release().shown, "code");
  });

  it("is not shown once it has expired", () => {
    const rig = PanelRig.serving(PLAIN).pass(1000);
    assert.equal(rig.tell({ kind: "code-issued", code: "A", expiresMs: 1000 }).shown, "count 0");
  });

  it("says so if there can be none", () => {
    const rig = PanelRig.serving(PLAIN).hold(3000);
    rig.tell({ kind: "code-failed", title: "NO CODE", detail: "the host starts" });
    assert.equal(rig.shown, "message");
    assert.equal(rig.tap().shown, "count 0");
  });
});

describe("a factory reset", () => {
  const asked = () => PanelRig.serving(PLAIN).hold(12_000);

  it("waits ten seconds for a tap that confirms it", () => {
    const rig = asked();
    assert.deepEqual(rig.view.screen, { kind: "confirm-reset", remainingMs: 10_000 });
    assert.equal(rig.pass(9000).tap().shown, "resetting");
    assert.deepEqual(rig.effects, ["factory-reset"]);
  });

  it("does not happen without a tap", () => {
    const rig = asked().pass(9999);
    assert.deepEqual(rig.view.screen, { kind: "confirm-reset", remainingMs: 1000 });
    assert.equal(rig.pass(1).shown, "count 0");
    assert.equal(rig.tap().shown, "network");
    assert.deepEqual(rig.effects, []);
  });

  it("does not happen when the tap ends too late, and then the tap does nothing", () => {
    const rig = asked().pass(9900).tap();
    assert.equal(rig.shown, "count 0");
    assert.deepEqual(rig.effects, []);
  });

  it("is cancelled by a long press, which does nothing else", () => {
    const rig = asked().pass(2000).press().pass(2999);
    assert.equal(rig.shown, "confirm-reset");
    assert.equal(rig.pass(1).shown, "message");
    rig.pass(9000).release();
    assert.deepEqual(rig.effects, []);
    assert.equal(rig.pass(1000).shown, "count 0");
  });

  it("is not confirmed by a finger that slides off the button", () => {
    const rig = asked().pass(400).tap();
    assert.equal(rig.shown, "confirm-reset");
    assert.deepEqual(rig.effects, []);
    assert.deepEqual(rig.tap().effects, ["factory-reset"]);
  });

  it("is still asked for when a fault arises, and the fault is shown afterwards", () => {
    const rig = asked().tell({ kind: "pages", pages: pagesWith("a") });
    assert.equal(rig.shown, "confirm-reset");
    assert.equal(rig.pass(10_000).shown, "fault 0");
  });
});

describe("what the LEDs are told of the panel", () => {
  const told = (rig: PanelRig) => {
    const { serving, armed, confirmingReset, ending } = lampFactsOf(rig.state);
    return `${serving} ${armed} ${confirmingReset} ${ending}`;
  };

  it("is whether the host serves, and how it ends", () => {
    assert.equal(told(new PanelRig()), "false false false null");
    const rig = PanelRig.serving(PLAIN);
    assert.equal(told(rig), "true false false null");
    assert.equal(told(rig.tell({ kind: "stopped" })), "true false false stopped");
  });

  it("is that letting go does something, from the third second on", () => {
    const rig = PanelRig.serving(PLAIN).press().pass(2999);
    assert.equal(told(rig), "true false false null");
    assert.equal(told(rig.pass(1)), "true true false null");
    assert.equal(told(rig.pass(17_001)), "true false false null");
  });

  it("is that a factory reset waits to be confirmed, until that is cancelled", () => {
    const rig = PanelRig.serving(PLAIN).hold(12_000);
    assert.equal(told(rig), "true false true null");
    assert.equal(told(rig.pass(100).press().pass(2999)), "true false true null");
    assert.equal(told(rig.pass(1)), "true false false null");
    assert.deepEqual(rig.release().effects, []);
  });
});
