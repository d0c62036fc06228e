import assert from "node:assert/strict";
import { drawScreen } from "../../../src/panel/draw-screen.ts";
import type { PanelFault } from "../../../src/panel/facts.ts";
import type { Screen } from "../../../src/panel/screen.ts";
import { readsAtAnyScale } from "../../panel/reading.ts";
import { panelFacts } from "../../support/panel-facts.ts";
import { CODE, PanelRig } from "./panel-rig.ts";

const CODE_PAGE: Screen = { kind: "code", code: CODE, remainingMs: 300_000 };

async function serving(): Promise<PanelRig> {
  const rig = new PanelRig();
  await rig.start();
  rig.serve();
  return rig;
}

describe("the panel as everybody may see it", () => {
  it("is what the display shows", async () => {
    const rig = await serving();
    const { picture, lines, patterns } = rig.panel.publicSnapshot();
    assert.ok(picture.equals(rig.front.now.picture));
    const own = rig.panel.snapshot();
    assert.deepEqual([lines, patterns], [own.lines, own.patterns]);
  });

  it("never has the code, from the press until long after, in no moment and in no way", async () => {
    const rig = await serving();
    const secret = drawScreen(CODE_PAGE, panelFacts(), { width: 128, height: 64 });
    let shown = 0;
    const look = () => {
      const { picture, lines } = rig.panel.publicSnapshot();
      assert.ok(!picture.equals(secret));
      for (const text of [CODE, "7KM4", "TXWC", "7KM4TXWC"]) {
        assert.ok(!readsAtAnyScale(picture, text), text);
        assert.ok(!lines.join().includes(text), text);
      }
      if (readsAtAnyScale(rig.front.now.picture, "7KM4")) shown++;
    };
    rig.panel.watch(look);
    rig.front.contact(true, rig.timers.nowMs);
    for (let heldMs = 0; heldMs < 4000; heldMs += 20) {
      await rig.pass(20);
      look();
    }
    rig.front.contact(false, rig.timers.nowMs);
    for (let passedMs = 0; passedMs < 310_000; passedMs += 1000) {
      await rig.pass(1000);
      look();
    }
    assert.ok(shown > 200, `the display itself showed the code in ${shown} looks`);
  });

  it("never has the code while the button is held over it", async () => {
    const rig = await serving();
    await rig.press(3500);
    rig.mustRead("7KM4");
    rig.front.contact(true, rig.timers.nowMs);
    for (let heldMs = 0; heldMs < 1500; heldMs += 20) {
      await rig.pass(20);
      assert.ok(!readsAtAnyScale(rig.panel.publicSnapshot().picture, "7KM4"));
    }
  });

  it("says instead that the box shows a code", async () => {
    const rig = await serving();
    await rig.press(3500);
    const { lines, picture } = rig.panel.publicSnapshot();
    assert.deepEqual(lines, ["CODE SHOWN", "a one-time code is shown on the box itself"]);
    assert.ok(readsAtAnyScale(picture, "one-time code"));
  });

  it("names no machine, on any of its pages", async () => {
    const rig = await serving();
    const named: PanelFault = {
      ...({ level: "attention", code: "clones", title: "CLONES" } as const),
      ...{ nextStep: "pc-secret has two disks", namesMachines: true },
    };
    rig.facts = {
      clients: { total: 3, last: { hostname: "pc-secret", atMs: 0 }, lapsingSoon: 0 },
      faults: [named],
    };
    await rig.pass(1100);
    let own = "";
    for (let page = 0; page < 8; page++) {
      await rig.press(50);
      own += rig.panel.snapshot().lines.join();
      const { lines, picture } = rig.panel.publicSnapshot();
      assert.ok(!lines.join().includes("pc-secret"));
      assert.ok(!readsAtAnyScale(picture, "secret"));
    }
    assert.match(own, /last: pc-secret/);
    assert.match(own, /pc-secret has two disks/);
  });

  it("tells one watcher of each change, and counts the flashes", async () => {
    const rig = await serving();
    await rig.pass(1000);
    let told = 0;
    const before = rig.panel.publicSnapshot().flashes;
    rig.panel.watch(() => told++);
    rig.panel.contact();
    assert.equal(rig.panel.publicSnapshot().flashes, before + 1);
    assert.ok(told > 0);
    rig.panel.watch(undefined);
    told = 0;
    await rig.press(50);
    assert.equal(told, 0);
  });
});
