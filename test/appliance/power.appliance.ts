import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { askAll, assertKept } from "../hardship/answered.ts";
import { Fleet } from "../hardship/fleet.ts";
import { Dice } from "../hardship/mutations.ts";
import { setBench } from "./bench.ts";
import { bootTimes } from "./boot-times.ts";
import { Box } from "./box.ts";

const MINUTE_MS = 60_000;
const CUTS = 20;
const CLIENTS = 2000;
/** Within this time of the first request the power is cut; all would take it longer. */
const CUT_WITHIN_MS = 3000;
/** All clients come from the one address behind which the emulator hides this machine. */
const NO_LIMITS = { rateLimit: { exempt: ["0.0.0.0/0"] } };

describe("A box that loses its power while machines ask", function () {
  this.timeout(60 * MINUTE_MS);
  const bench = setBench("power");

  before(async () => {
    const box = await bench.installBox();
    await bench.configure("90-no-limits.json", NO_LIMITS);
    await bench.computer.guest.run("systemctl restart kms-box");
    await box.answers();
  });

  it(`has every record behind an answer at its next start, ${CUTS} times over`, async () => {
    const { computer } = bench;
    const fleet = await Fleet.make(CLIENTS);
    const dice = new Dice(Date.now() % 2 ** 32);
    let proven = 0;
    let cutShort = 0;
    for (let cut = 1; cut <= CUTS; cut++) {
      const { guest } = computer;
      const tokens = await fleet.requests(Math.floor(Date.now() / 1000), "editor");
      const asking = askAll(guest.hostPort, tokens);
      await sleep(dice.roll() * CUT_WITHIN_MS);
      await computer.cutPower();
      const answered = await asking;
      if (answered.length < CLIENTS) cutShort++;

      await computer.boot();
      const { readyMs } = await bootTimes(computer.guest);
      await assertKept(computer.guest.hostPort, answered);
      const { lastStart } = await new Box(computer.guest).status();
      assert.equal(lastStart, "power cut");
      proven += answered.length;
      console.log(
        `      cut ${cut}: ${answered.length} kept, ready ${Math.round(readyMs / 1000)} s after`,
      );
    }
    console.log(`      ${proven} answers held, ${cutShort} of ${CUTS} cuts in mid-work`);
    assert.ok(cutShort > CUTS / 2, "most cuts must come in the middle of the work");
    assert.ok(proven > CUTS, "answers must have been received before the cuts");
  });
});
