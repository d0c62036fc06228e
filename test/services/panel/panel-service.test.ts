import assert from "node:assert/strict";
import type { PanelFault } from "../../../src/panel/facts.ts";
import type { Screen } from "../../../src/panel/screen.ts";
import { counted, PanelRig, servingPanel } from "./panel-rig.ts";

const NO_CLOCK: PanelFault = {
  level: "fault",
  code: "clock-untrusted",
  title: "NO CLOCK",
  nextStep: "connect NTP",
};
const FIRST_PAGE = { kind: "page", name: { page: "count", index: 0 }, position: 0 } as const;

/** The count's page among its like: network, DNS, clients, health. */
function countPage(sinceMs = 0): Screen {
  return { ...FIRST_PAGE, pages: 5, sinceMs };
}

describe("the front panel of a host that starts", () => {
  it("says so before there is anything to tell, and still once the state is open", async () => {
    const rig = new PanelRig();
    await rig.panel.start();
    rig.mustShow({ kind: "starting" });
    assert.deepEqual(rig.front.lamps, ["green"]);
    await rig.start();
    rig.mustShow({ kind: "starting" });
    assert.deepEqual(rig.panel.snapshot().lines, ["starting"]);
  });

  it("shows the count as soon as the host serves, and never that it does not", async () => {
    const rig = new PanelRig();
    await rig.start();
    const pictures = rig.front.shown.length;
    rig.serve();
    rig.mustShow(countPage());
    assert.equal(rig.front.shown.length, pictures + 1);
    assert.deepEqual(rig.said, [
      "starting | green fast",
      "Example Desktop, 31 of 25, ACTIVATING | green steady",
    ]);
  });

  it("shows what keeps it from serving", async () => {
    const rig = new PanelRig();
    rig.facts = { faults: [NO_CLOCK] };
    await rig.start();
    rig.mustRead("CLOCK");
    assert.deepEqual(rig.front.lamps, ["green", "red"]);
  });

  it("leaves on the display why it could not start, and puts the LEDs out", async () => {
    const rig = new PanelRig();
    await rig.start();
    rig.panel.fail(new Error("port 1688 is taken"));
    const detail = "port 1688 is taken";
    rig.mustShow({ kind: "message", title: "CANNOT START", detail });
    await rig.panel.stop();
    rig.mustShow({ kind: "message", title: "CANNOT START", detail });
    assert.deepEqual([rig.front.lamps, rig.front.now.brightness], [[], "full"]);
    assert.equal(rig.front.calls.filter((call) => call.startsWith("stop")).length, 3);
  });

  it("tells of a failure that is no error", async () => {
    const rig = new PanelRig();
    await rig.panel.start();
    rig.panel.fail("no disk");
    assert.deepEqual(rig.panel.snapshot().lines, ["CANNOT START", "no disk"]);
  });
});

describe("the front panel of a host that serves", () => {
  it("shows the new count within 100 ms of a client's contact", async () => {
    const rig = await servingPanel({}, counted(23));
    await rig.pass(700);
    rig.facts = counted(24);
    rig.panel.contact();
    await rig.pass(100);
    rig.mustShow(countPage());
    rig.mustRead("24");
    assert.deepEqual(rig.panel.snapshot().lines, ["Example Desktop", "24 of 25", "NEEDS 1 MORE"]);
  });

  it("draws a burst of contacts a few times only", async () => {
    const rig = await servingPanel({}, counted(0));
    const { reads } = rig;
    const pictures = rig.front.shown.length;
    for (let count = 1; count <= 1000; count++) {
      rig.facts = counted(count);
      rig.panel.contact();
      if (count % 4 === 0) await rig.pass(1);
    }
    await rig.pass(100);
    assert.ok(rig.front.shown.length - pictures <= 4, `${rig.front.shown.length} pictures`);
    assert.ok(rig.reads - reads <= 4, `${rig.reads} readings`);
    rig.mustRead("1000");
  });

  it("says in one line what has changed, and nothing while nothing changes", async () => {
    const rig = await servingPanel({}, counted(24));
    await rig.pass(30_000);
    rig.facts = counted(25);
    rig.panel.contact();
    await rig.pass(30_000);
    assert.deepEqual(rig.said.slice(1), [
      "Example Desktop, 24 of 25, NEEDS 1 MORE | green slow",
      "Example Desktop, 25 of 25, ACTIVATING | green steady",
    ]);
  });

  it("turns its pages", async () => {
    const rig = await servingPanel({ options: { pageMs: 6000 } });
    const first: (string | undefined)[] = [];
    for (let page = 0; page < 6; page++) {
      first.push(rig.panel.snapshot().lines[0]);
      await rig.pass(6000);
    }
    assert.deepEqual(
      first.map((line) => line?.split(" ")[0]),
      ["Example", "host", "PUBLISHED", "31", "HEALTHY", "Example"],
    );
  });

  it("gives a fault the first place at once, in red, and takes it away again", async () => {
    const rig = await servingPanel();
    await rig.pass(2500);
    rig.facts = { faults: [NO_CLOCK] };
    await rig.pass(1000);
    rig.mustRead("CLOCK");
    assert.deepEqual(rig.front.lamps, ["green", "red"]);
    assert.match(rig.said.at(-1) ?? "", /^fault: NO CLOCK, .*red steady$/);
    rig.facts = {};
    await rig.pass(1000);
    assert.equal(rig.panel.snapshot().lines[0], "Example Desktop");
    assert.deepEqual(rig.front.lamps, ["green"]);
  });

  it("dims and turns off in time, and is woken by a tap", async () => {
    const rig = await servingPanel({ options: { dimAfterMs: 10_000, offAfterMs: 20_000 } });
    const seen: string[] = [];
    for (const ms of [9999, 1, 9999, 1]) {
      await rig.pass(ms);
      seen.push(rig.front.now.brightness);
    }
    assert.deepEqual(seen, ["full", "dim", "dim", "off"]);
    await rig.press(100);
    assert.equal(rig.front.now.brightness, "full");
    assert.equal(rig.panel.snapshot().lines[0], "Example Desktop");
  });

  it("wakes the processor once a second while it rests", async () => {
    const rig = await servingPanel({}, counted(31));
    await rig.pass(1000);
    const pictures = rig.front.shown.length;
    rig.wakes = 0;
    await rig.pass(30_000);
    assert.ok(rig.wakes <= 31, `${rig.wakes} times in 30 s`);
    assert.equal(rig.front.shown.length, pictures);
  });

  it("works on a machine without a front", async () => {
    const rig = await servingPanel({ hardware: undefined });
    rig.panel.contact();
    await rig.pass(5000);
    const { lines, parts } = rig.panel.snapshot();
    assert.equal(lines[1], "31 of 25");
    assert.deepEqual(parts, { display: "none", leds: "none", button: "none" });
    await rig.panel.stop();
  });

  it("draws for a display of 32 rows as well", async () => {
    const rig = await servingPanel({ size: { width: 128, height: 32 } });
    assert.equal(rig.front.now.picture.height, 32);
    rig.panel.showTestPicture();
    assert.equal(rig.front.now.picture.height, 32);
  });
});

describe("the front panel of a host that ends", () => {
  it("says that the box can be unplugged, and puts the LEDs out", async () => {
    const rig = await servingPanel();
    await rig.panel.stop();
    rig.mustShow({ kind: "stopped" });
    assert.deepEqual(rig.front.lamps, []);
    assert.deepEqual(rig.front.calls.slice(-3), ["stop button", "stop leds", "stop display"]);
  });

  it("leaves that it restarts, or that it is reset, if that is why", async () => {
    for (const kind of ["restarting", "resetting"] as const) {
      const rig = await servingPanel();
      rig.panel.end(kind);
      await rig.pass(1000);
      await rig.panel.stop();
      rig.mustShow({ kind });
    }
  });

  it("leaves no test picture", async () => {
    const rig = await servingPanel();
    rig.panel.showTestPicture();
    await rig.panel.stop();
    rig.mustShow({ kind: "stopped" });
  });

  it("draws, reads and waits for nothing once it has stopped", async () => {
    const rig = await servingPanel();
    rig.panel.contact();
    await rig.panel.stop();
    const { reads } = rig;
    const calls = [...rig.front.calls];
    const said = [...rig.said];
    rig.panel.contact();
    rig.panel.changed();
    rig.panel.identify();
    rig.panel.showTestPicture();
    rig.panel.fail(new Error("late"));
    rig.panel.end("restarting");
    await rig.press(100);
    rig.front.tell.button({ state: "absent", code: "gone", reason: "Gone" });
    await rig.pass(60_000);
    assert.deepEqual([rig.front.calls, rig.said, rig.reads], [calls, said, reads]);
    assert.equal(rig.timers.waiting, 0);
  });

  it("stops every other part if one fails at that", async () => {
    const rig = await servingPanel();
    const fail = () => {
      throw new Error("gone");
    };
    rig.front.display.stop = fail;
    rig.front.button.stop = () => Promise.reject(new Error("gone"));
    await rig.panel.stop();
    assert.equal(rig.front.calls.at(-1), "stop leds");
  });
});
