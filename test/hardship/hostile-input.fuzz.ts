import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Fleet } from "./fleet.ts";
import { HostProcess } from "./host-process.ts";
import { HttpConnection } from "./http-connection.ts";
import { Dice, hostileBytes, mutateObject, mutateToken } from "./mutations.ts";

const MUTATED_REQUESTS = 185_000;
const MUTATED_CONNECTIONS = 15_000;
const IN_PARALLEL = 16;
/** Well signed requests with claims that are not; each costs the attacker a signature. */
const SIGNED_SHARE = 0.02;
const CLIENTS = 40;
const SETTLE_MS = 15_000;
/** How far above its size after a first part of the attack the host may end. */
const MOST_GROWTH_BYTES = 20e6;

describe("a running host under hostile input", () => {
  let scratch: string;
  let host: HostProcess;
  let tokens: string[];
  let fleet: Fleet;
  const dice = new Dice(20_260_101);

  before(async function () {
    this.timeout(60_000);
    scratch = await mkdtemp(join(tmpdir(), "kms-fuzz-"));
    fleet = await Fleet.make(CLIENTS);
    tokens = await fleet.requests(Math.floor(Date.now() / 1000));
    host = await HostProcess.start(join(scratch, "data"), scratch);
    const connection = await HttpConnection.open(host.port);
    for (const token of tokens) await connection.activate(token);
    connection.close();
    // That the threshold was reached is noted once, a moment later.
    while (!JSON.stringify(await readState(join(scratch, "data"))).includes("alerts")) {
      await sleep(200);
    }
  });

  after(async () => {
    await host.stop();
    await rm(scratch, { recursive: true });
  });

  it("neither ends, nor changes a record, nor keeps memory", async function () {
    this.timeout(20 * 60_000);
    const stateBefore = await readState(join(scratch, "data"));
    await attack(MUTATED_REQUESTS / 10, MUTATED_CONNECTIONS / 10);
    await sleep(1000);
    const sizeBefore = host.residentBytes;
    const statuses = await attack(MUTATED_REQUESTS, MUTATED_CONNECTIONS);

    assert.ok(host.running, "the host must go on");
    await sleep(SETTLE_MS);
    const growth = host.residentBytes - sizeBefore;
    const total = [...statuses.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `      ${total} answered or closed: ${JSON.stringify(Object.fromEntries(statuses))}`,
    );
    console.log(
      `      memory ${(sizeBefore / 1e6).toFixed(0)} MB, ${(growth / 1e6).toFixed(1)} MB more at the end`,
    );
    assert.ok(total >= MUTATED_REQUESTS + MUTATED_CONNECTIONS);
    assert.equal(statuses.get("200"), undefined, "nothing mutated may be activated");
    assert.equal(statuses.get("500"), undefined, "nothing may take the host by surprise");
    assert.deepEqual(await readState(join(scratch, "data")), stateBefore);
    assert.ok(growth < MOST_GROWTH_BYTES, `memory grew by ${growth} bytes`);
    await assertStillServes();
  });

  async function attack(requests: number, connections: number): Promise<Map<string, number>> {
    const statuses = new Map<string, number>();
    const count = (name: string): void => void statuses.set(name, (statuses.get(name) ?? 0) + 1);
    const each = Array.from({ length: IN_PARALLEL }, async () => {
      for (let i = 0; i < requests / IN_PARALLEL; ) i += await sendRequests(count);
    });
    const raw = Array.from({ length: IN_PARALLEL }, async () => {
      for (let i = 0; i < connections / IN_PARALLEL; i++) count(await sendBytes());
    });
    await Promise.all([...each, ...raw]);
    return statuses;
  }

  /** As many requests as one connection takes before the host closes it; at least one. */
  async function sendRequests(count: (name: string) => void): Promise<number> {
    const connection = await HttpConnection.open(host.port);
    let sent = 0;
    try {
      while (sent < 200) {
        sent++;
        const { status } = await connection.activate(await hostileToken());
        count(String(status));
      }
    } catch {
      count("closed");
    } finally {
      connection.close();
    }
    return sent;
  }

  function hostileToken(): Promise<string> {
    if (dice.roll() >= SIGNED_SHARE) return Promise.resolve(mutateToken(dice.pick(tokens), dice));
    const claims = { device: { hostname: "h", fingerprint: "f".repeat(43), agent: "a" } };
    const now = Math.floor(Date.now() / 1000);
    // What is left out of the mutation stays good, so that only the product is wrong then.
    return fleet.request(dice.below(CLIENTS), {
      ...mutateObject({ ...claims, iat: now, status: "licensed", remainingMinutes: 1 }, dice),
      product: "another-product",
    });
  }

  async function sendBytes(): Promise<string> {
    const socket = connect(host.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.resume();
    socket.write(hostileBytes(dice.pick(tokens), dice));
    const patience = setTimeout(() => socket.destroy(), 20);
    await once(socket, "close").catch(() => undefined);
    clearTimeout(patience);
    return "connection";
  }

  async function assertStillServes(): Promise<void> {
    const connection = await HttpConnection.open(host.port);
    const { status } = await connection.activate(await fleet.request(0, {}));
    connection.close();
    assert.equal(status, 200);
  }
});

/** Every file of the state by its name; a host at rest changes none. */
async function readState(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl"));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.map((name, i) => [name, texts[i] ?? ""]));
}
