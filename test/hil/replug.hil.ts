import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BoxService } from "./box-service.ts";
import { Rig } from "./rig.ts";

const MINUTE_MS = 60_000;
const CLIENTS = 80;
/** How many clients are counted before the next thing happens to the display. */
const SOME = 8;
const POLL_MS = 200;
const TRIES = 4;

/** The picture within the frame that a command draws. */
function pictureIn(output: string): string {
  const rows = output.split("\n").filter((line) => /^│.*│$/.test(line));
  return rows.map((row) => row.slice(1, -1).trimEnd()).join("\n");
}

describe("A display that is pulled out and plugged in", function () {
  this.timeout(6 * MINUTE_MS);
  let rig: Rig;
  let box: BoxService;

  before(async function () {
    this.timeout(15 * MINUTE_MS);
    rig = await Rig.create("replug");
    await rig.boot({ box: false });
    box = new BoxService(rig.guest);
    await box.configure("--demo --json");
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await rig.keepEvidence();
  });

  after(() => rig?.dispose());

  async function count(): Promise<number> {
    return (await box.ask()).products[0]?.count ?? 0;
  }

  async function someMoreAreCounted(): Promise<void> {
    const wanted = Math.min(CLIENTS, (await count()) + SOME);
    while ((await count()) < wanted) await sleep(POLL_MS);
  }

  /** Turns to this page, and compares every pixel with the picture that the box means to show. */
  async function mustShowWhole(page: RegExp): Promise<void> {
    const { panel } = rig;
    let meant = "";
    for (let tries = 1; tries <= TRIES; tries++) {
      const shown = await panel.turnTo(page);
      meant = pictureIn(await box.command("panel"));
      // The page may have turned before the first tap, and moves by a pixel every minute.
      if (meant === panel.drawing() && shown === panel.text()) break;
    }
    assert.equal(panel.drawing(), meant);
    assert.deepEqual(panel.display.complaints, []);
  }

  it("need not be there when the box starts", async () => {
    const { panel } = rig;
    await panel.unplugDisplay();
    await box.start();
    const lost = await box.logs("display-lost");
    await box.logs("service-started");
    await panel.lights("green", "slow blink");
    assert.equal(lost.eventId, 701);
    assert.equal(panel.traffic.writes, 0);
  });

  it("shows the whole picture once it is plugged in", async () => {
    const { panel } = rig;
    await panel.plugInDisplay();
    const found = await box.logs("display-found");
    assert.equal(found.eventId, 700);
    await mustShowWhole(/\b0 of 25\nNEEDS 25 MORE/);
  });

  it("costs nobody an activation, and shows the right count again", async () => {
    const { guest, panel } = rig;
    let asking = true;
    const demonstration = box
      .command(`demo ${CLIENTS} --pause 50 --json`)
      .finally(() => (asking = false));
    demonstration.catch(() => {});
    for (let times = 1; times <= 2; times++) {
      await someMoreAreCounted();
      const fromMs = await guest.nowMs();
      await panel.unplugDisplay();
      await box.logs("display-lost", fromMs);
      await someMoreAreCounted();
      await panel.plugInDisplay();
      assert.ok(asking, "the clients have finished before the display was back");
      await box.logs("display-found", fromMs);
    }
    const { activated, refused } = JSON.parse(await demonstration);
    assert.deepEqual([activated, refused], [CLIENTS, []]);
    assert.equal(await count(), CLIENTS);
    assert.ok(panel.traffic.refused > 0);
    await mustShowWhole(new RegExp(`\\b${CLIENTS} of 25\\b.*\\nACTIVATING`));
  });
});
