import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askAll, assertKept } from "./answered.ts";
import { Fleet } from "./fleet.ts";
import { HostProcess } from "./host-process.ts";

const ROUNDS = 50;
const CLIENTS = 1000;
/** The host is killed amid one of the first so many answers, however fast the machine is. */
const KILL_WITHIN = 800;

describe("a host killed in the middle of 1000 activations", () => {
  let scratch: string;

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "kms-crash-"));
  });

  after(() => rm(scratch, { recursive: true }));

  it(`still has every record behind an answer, ${ROUNDS} times over`, async function () {
    this.timeout(10 * 60_000);
    const fleet = await Fleet.make(CLIENTS);
    const folder = join(scratch, "data");
    const firstSec = Math.floor(Date.now() / 1000) - ROUNDS;
    let proven = 0;
    let cutShort = 0;
    let host = await HostProcess.start(folder, scratch);
    for (let round = 0; round < ROUNDS; round++) {
      const tokens = await fleet.requests(firstSec + round);
      const enough = Math.floor(Math.random() * KILL_WITHIN) + 1;
      let killed: Promise<void> | undefined;
      const answered = await askAll(host.port, tokens, (answers) => {
        if (answers >= enough) killed ??= host.kill();
      });
      await killed;
      if (answered.length < CLIENTS) cutShort++;

      host = await HostProcess.start(folder, scratch);
      await assertKept(host.port, answered);
      proven += answered.length;
    }
    await host.stop();
    console.log(`      ${proven} answers held, ${cutShort} of ${ROUNDS} rounds cut short`);
    assert.ok(cutShort > ROUNDS / 2, "most kills must come in the middle of the work");
    assert.ok(proven > ROUNDS * 100, "answers must have been received before the kills");
  });
});
