import assert from "node:assert/strict";
import { BoxService, type HostAnswer } from "./box-service.ts";
import type { Span } from "./panel.ts";
import { Rig } from "./rig.ts";

const MINUTE_MS = 60_000;
const CLIENTS = 25;
/** How often a press is tried: see `pressed`. */
const TRIES = 3;
/** What is not mistaken for anything else on a small display. */
const CODE = /one-time code\n([2-9CDFGHJKMNPRTVWXY]{4})\n([2-9CDFGHJKMNPRTVWXY]{4})\n5 min/;
/** What stands on each of the pages, in their order. */
const PAGES = [/ of 25\n/, /port 1688/, /DNS OFF/, /\d CLIENTS?/, /HEALTHY/] as const;
/** What is read one after the other while the button is held. */
const COUNTDOWN = [
  /let go now:\nNEXT PAGE\nhold [12] s: admin code/,
  /let go now:\nADMIN CODE\nhold [123] s: restart/,
  /let go now:\nRESTART\nhold [1-6] s: factory reset/,
  /let go now:\nFACTORY\nRESET\nhold [1-8] s: nothing/,
  /BUTTON.*\nSTUCK/,
];

/** One box from its first start on; each test finds it as the one before has left it. */
describe("The front panel of the box", function () {
  this.timeout(5 * MINUTE_MS);
  let rig: Rig;
  let box: BoxService;
  let servingMs = 0;

  before(async function () {
    this.timeout(15 * MINUTE_MS);
    rig = await Rig.create("panel");
    await rig.boot({ box: false });
    box = new BoxService(rig.guest);
    await box.configure("--demo --json");
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await rig.keepEvidence();
  });

  after(() => rig?.dispose());

  /**
   * Presses until all this is shown. The box does not act on a press in which it was stopped for half
   * a second, as an emulator may be that shares its processors.
   */
  async function pressed(press: () => Promise<Span>, ...wanted: RegExp[]): Promise<Span> {
    const { panel } = rig;
    for (let tries = 1; ; tries++) {
      const span = await press();
      const seen = () => panel.textsSince(span.fromMs);
      const isSeen = (what: RegExp) => seen().some((text) => what.test(text));
      try {
        await panel.until(() => wanted.every(isSeen), wanted.join(" and "), 20_000);
        return span;
      } catch (error) {
        if (tries === TRIES) throw error;
        const told = seen().map((text) => text.replaceAll("\n", " "));
        console.log(`      pressed again: no ${wanted.join(" and ")} in ${told.join(" | ")}`);
      }
    }
  }

  function held(ms: number, ...wanted: RegExp[]): Promise<Span> {
    return pressed(() => rig.panel.hold(ms), ...wanted);
  }

  function pageShown(): number {
    return PAGES.findIndex((page) => page.test(rig.panel.text()));
  }

  async function mustBeAsBefore({ host, products }: HostAnswer): Promise<void> {
    const now = await box.ask();
    assert.equal(now.host, host);
    assert.equal(now.products[0]?.count, products[0]?.count);
  }

  it("blinks green fast while the box starts, and says so", async () => {
    const { guest, panel } = rig;
    const fromMs = await guest.nowMs();
    await box.start();
    await panel.shows(/0 of 25/);
    servingMs = (await box.logs("service-started")).atMs;
    assert.match(panel.textsSince(fromMs).join("\n"), /KMS BOX\nstarting/);
    // While a slow processor makes the service's parts, the LEDs have to wait now and then.
    const flashes = panel.flashesIn("green", { fromMs, toMs: servingMs });
    const fast = flashes.filter((ms) => ms < 300);
    assert.ok(fast.length >= 3, `flashes of ${flashes.map(Math.round).join(", ")} ms`);
  });

  it("shows how many are missing, and blinks green slowly", async () => {
    const { panel } = rig;
    await panel.shows(/^Demonstration product\n0 of 25\nNEEDS 25 MORE$/);
    await panel.lights("green", "slow blink");
    for (const led of ["yellow", "red", "activity"] as const) {
      assert.equal(await panel.pattern(led, 3000), "off");
    }
    assert.deepEqual(panel.display.complaints, []);
  });

  it("flashes for every client that asks, and lights green once enough have", async () => {
    const { guest, panel } = rig;
    const fromMs = await guest.nowMs();
    const outcome = JSON.parse(await box.command("demo --pause 200 --json"));
    assert.deepEqual([outcome.count, outcome.activated, outcome.refused], [CLIENTS, CLIENTS, []]);
    await panel.lights("green", "steady");
    const flashed = panel.flashesIn("activity", { fromMs, toMs: await guest.nowMs() });
    const flashes = flashed.toSorted((a, b) => a - b);
    const told = `${flashes.length} flashes of ${flashes.map(Math.round).join(", ")} ms`;
    assert.ok(flashes.length >= CLIENTS, told);
    const middle = flashes[flashes.length >> 1] ?? 0;
    assert.ok(middle > 50 && middle < 120, told);
  });

  it("turns its pages by itself", async () => {
    const { panel } = rig;
    const turns = () =>
      panel.textsSince(servingMs).map((text) => PAGES.findIndex((page) => page.test(text)));
    await panel.until(() => PAGES.every((_, page) => turns().includes(page)), "every page");
    const order = turns()
      .filter((page) => page !== -1)
      .filter((page, index, all) => page !== all[index - 1]);
    for (const [index, page] of order.entries()) {
      assert.equal(page, index % PAGES.length, `turned to the pages ${order.join(", ")}`);
    }
  });

  it("turns to the next page by a tap, and leaves it there", async () => {
    const { panel } = rig;
    const before = pageShown();
    await panel.until(() => ![-1, before].includes(pageShown()), "a page that stays for 6 s");
    let wanted = pageShown();
    for (let taps = 1; taps <= 2; taps++) {
      wanted = (wanted + 1) % PAGES.length;
      const { toMs } = await panel.tap();
      await panel.until(() => pageShown() === wanted, `page ${wanted} by a tap`);
      if (taps === 1) continue;
      // Without a tap it would turn meanwhile.
      await panel.until(() => panel.seenUntilMs > toMs + 8000, "8 s to pass");
      assert.equal(pageShown(), wanted);
    }
    await panel.turnTo(/^Demonstration product\n25 of 25\b.*\nACTIVATING$/);
  });

  it("shows a code after 3 s that stands in no log, and none before the button is let go", async () => {
    const { guest, panel } = rig;
    const { fromMs, toMs } = await held(4200, CODE);
    const [, first = "", second = ""] = CODE.exec(panel.text()) ?? [];
    const code = first + second;
    const shown = await box.logs("admin-code-shown", fromMs);
    assert.ok(shown.eventId === 707 && shown.atMs >= toMs, "shown before the button was let go");
    const everything = await guest.run("journalctl --no-pager -o export");
    assert.ok(!everything.includes(code) && !everything.includes(`${first}-${second}`));
    await panel.tap();
    await panel.until((text) => !text.includes(first), "the code to go");
  });

  it("counts down what letting go does, and after 20 s calls the button stuck", async () => {
    const { panel } = rig;
    const host = await box.ask();
    const { fromMs, toMs } = await held(21_500, ...COUNTDOWN);
    assert.equal(panel.patternIn("yellow", { fromMs, toMs: fromMs + 2900 }), "off");
    const armed = { fromMs: fromMs + 3000, toMs: fromMs + 20_000 };
    assert.ok(panel.hasLit("yellow", "fast blink", armed, 2000));
    const stuck = await box.logs("button-stuck", fromMs);
    assert.ok(stuck.eventId === 706 && stuck.atMs < toMs + 1000);
    await box.logs("button-found", toMs);
    await panel.tap();
    await panel.until((text) => !text.includes("STUCK"), "the pages again");
    await mustBeAsBefore(host);
    assert.equal(await box.property("NRestarts"), "0");
  });

  it("blinks yellow slowly to be found", async () => {
    await box.command("identify");
    await rig.panel.lights("yellow", "slow blink");
  });

  it("lights red for a fault, and says what to do", async () => {
    const { guest, panel } = rig;
    await guest.run("ip link set eth0 down");
    await panel.shows(/^NO NETWORK.*\s+plug in the network\s+cable/);
    await panel.lights("red", "steady", 1500);
    await guest.run("ip link set eth0 up");
    await panel.lights("red", "off", 1500);
    await panel.turnTo(/25 of 25/);
  });

  it("puts its LEDs out when the service is stopped, and says that it may be unplugged", async () => {
    const { panel } = rig;
    await box.stop();
    await panel.shows(/^STOPPED.*\nsafe to\s+unplug/);
    for (const led of ["green", "yellow", "red", "activity"] as const) {
      assert.equal(await panel.pattern(led, 200), "off");
    }
  });

  it("lights yellow for what wants attention, and takes no notice of a button held from the start on", async () => {
    const { guest, panel } = rig;
    const free = "$(df --output=avail -B1 /srv/data | tail -n 1)";
    await guest.run(`fallocate -l $((${free} - 50000000)) /srv/data/full`);
    // As in an office: systemd starts it again, and nobody makes a vendor for it.
    await box.configure("--json");
    await panel.press();
    const fromMs = await guest.nowMs();
    await box.start();
    await panel.shows(/^LOW SPACE.*\s+free some\s+space/);
    await panel.lights("yellow", "steady", 4000);
    await panel.release();
    await panel.turnTo(/25 of 25\b.*\nACTIVATING/);
    assert.ok(!panel.textsSince(fromMs).join("\n").includes("let go now"));
    await guest.run("rm /srv/data/full");
  });

  it("restarts the service after 6 s, and keeps its count", async () => {
    const { panel } = rig;
    const process = await box.property("MainPID");
    const { fromMs, toMs } = await held(
      7500,
      /RESTARTING\s+tap: power\s.*off/s,
      /back in a\s+moment/,
    );
    await panel.shows(/25 of 25\b.*\nACTIVATING/);
    assert.ok((await box.logs("restart-requested", fromMs)).atMs >= toMs);
    assert.notEqual(await box.property("MainPID"), process);
    assert.equal(await box.property("NRestarts"), "1");
    const { lastStart, products } = JSON.parse(await box.command("status --json"));
    assert.deepEqual([lastStart, products[0].count], ["restart by button", CLIENTS]);
  });

  it("asks after 12 s whether to reset, and does nothing without a tap", async () => {
    const { panel } = rig;
    const host = await box.ask();
    const { toMs } = await held(13_000, /RESET\?\ntap within \d+ s/);
    await panel.lights("red", "fast blink", 1500);
    await panel.until((text) => !text.includes("RESET?"), "the question to go");
    await panel.lights("red", "off", 500);
    assert.match(panel.textsSince(toMs).join("\n"), /tap within 1 s/);
    await mustBeAsBefore(host);
  });

  it("becomes a new box where a tap confirms that", async () => {
    const { panel } = rig;
    const { host } = await box.ask();
    await box.configure("--demo --json");
    await pressed(async () => {
      // Not at once: a finger that slides off the button confirms nothing.
      await held(13_000, /RESET\?\ntap within 9 s/);
      return panel.tap();
    }, /RESETTING/);
    await panel.shows(/^Demonstration product\n0 of 25\nNEEDS 25 MORE$/);
    const now = await box.ask();
    assert.notEqual(now.host, host);
    assert.equal(now.products[0]?.count, 0);
    assert.deepEqual(panel.display.complaints, []);
  });
});
