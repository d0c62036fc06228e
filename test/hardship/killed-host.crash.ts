import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Fleet } from "./fleet.ts";
import { HostProcess } from "./host-process.ts";
import { HttpConnection } from "./http-connection.ts";

const ROUNDS = 50;
const CLIENTS = 1000;
const CONNECTIONS = 32;
/** Within this time of the first request the host is killed; all would take it longer. */
const KILL_WITHIN_MS = 300;

/** An answer that a client received: its record must outlive the host. */
interface Answered {
  readonly token: string;
  readonly status: number;
}

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
      const asking = askAll(host.port, tokens);
      await sleep(Math.random() * KILL_WITHIN_MS);
      await host.kill();
      const answered = await asking;
      if (answered.length < CLIENTS) cutShort++;

      host = await HostProcess.start(folder, scratch);
      await assertKept(host.port, answered);
      proven += answered.length;
    }
    await host.stop();
    console.log(`      ${proven} answers held, ${cutShort} of ${ROUNDS} rounds cut short`);
    assert.ok(cutShort > ROUNDS / 2, "most kills must come in the middle of the work");
    assert.ok(proven > CLIENTS, "answers must have been received before the kills");
  });
});

/** Sends every token, 32 at a time, and collects the answers that arrive until the host is gone. */
async function askAll(port: number, tokens: readonly string[]): Promise<Answered[]> {
  const answered: Answered[] = [];
  const left = tokens.values();
  const work = async (): Promise<void> => {
    const connection = await HttpConnection.open(port);
    for (const token of left) {
      const { status } = await connection.activate(token);
      assert.ok(status === 200 || status === 409, `status ${status}`);
      answered.push({ token, status });
    }
    connection.close();
  };
  await Promise.allSettled(Array.from({ length: CONNECTIONS }, work));
  return answered;
}

/** A request that was counted is a replay now; one whose record was lost would be counted again. */
async function assertKept(port: number, answered: readonly Answered[]): Promise<void> {
  const left = answered.values();
  const work = async (): Promise<void> => {
    const connection = await HttpConnection.open(port);
    for (const { token, status: before } of left) {
      const { status, body } = await connection.activate(token);
      assert.equal(status, 409, `answered ${before} before the kill, forgotten after it`);
      assert.match(body, /urn:kms-box:problem:replayed-request/);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}
