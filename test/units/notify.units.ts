import assert from "node:assert/strict";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SystemdManager } from "../../src/adapters/system/systemd-manager.ts";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { ensurePackages } from "../support/debian-packages.ts";
import { type Machine, NetworkRig } from "../support/netns.ts";
import { NotifyListener, until } from "./notify-listener.ts";

const PATIENCE_MS = 3000;
const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };

describe("what the running box tells systemd", () => {
  let folder: string;
  let listener: NotifyListener;
  let env: Record<string, string>;

  before(() => ensurePackages({ "systemd-notify": "systemd" }));

  beforeEach(async () => {
    folder = await temporaryFolder();
    listener = await NotifyListener.start(join(folder, "notify.sock"));
    env = { NOTIFY_SOCKET: listener.path, WATCHDOG_USEC: String(PATIENCE_MS * 1000) };
  });
  afterEach(async () => {
    await listener.stop();
    await rm(folder, { recursive: true });
  });

  it("is that it is ready once it serves, and how it stands, before anything else", async () => {
    const data = join(folder, "data");
    const starting = BoxProcess.start({ data, demo: true, env });
    await until("READY", () => listener.told.length > 0);
    const box = await starting;
    const answer = await fetch(`http://${box.address}/v1/host`);
    assert.equal(answer.status, 200);
    assert.deepEqual(listener.told[0]?.lines, [
      "READY=1",
      "STATUS=0 of 25 Demonstration product, 25 more needed",
    ]);
    assert.equal(await box.stop(), 0);
    assert.deepEqual(listener.told.at(-1)?.lines, ["STOPPING=1", "STATUS=stopping"]);
    assert.equal(listener.times("READY=1").length, 1);
  });

  it("is nothing where it does not come to serve", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const args = ["serve", "--data", join(folder, "data"), "--bind", "127.0.0.1"];
    const { status } = await runProgram("kms-box", [...args, "--port", `${port}`], { env });
    taken.close();
    assert.equal(status, 1);
    assert.deepEqual(listener.told, []);
  });

  it("is the count soon after it has changed", async () => {
    const box = await BoxProcess.start({ data: join(folder, "data"), demo: true, env });
    await runDemo(box.data, { ...QUIET, clients: 3 });
    await until("the count", () => listener.status?.startsWith("3 of 25") === true, 8000);
    assert.equal(listener.status, "3 of 25 Demonstration product, 22 more needed");
    await box.stop();
  });

  it("is a sign of life at half of its patience", async () => {
    const box = await BoxProcess.start({ data: join(folder, "data"), env });
    await until("signs of life", () => listener.times("WATCHDOG=1").length >= 5);
    // A licence that is missing is no reason to be killed.
    assert.equal(listener.status, "no licence");
    await box.stop();
    const times = listener.times("WATCHDOG=1");
    const longestMs = Math.max(...times.slice(1).map((atMs, n) => atMs - (times[n] ?? 0)));
    assert.ok(longestMs < PATIENCE_MS, `${longestMs} ms`);
    assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) > 1.8 * PATIENCE_MS);
  });

  it("costs next to nothing", async () => {
    const manager = new SystemdManager({ socket: listener.path, patienceMs: null });
    const messages = 20;
    const startMs = performance.now();
    for (let n = 0; n < messages; n++) await manager.tell({ alive: true });
    const eachMs = (performance.now() - startMs) / messages;
    // The unit's WatchdogSec is 60 s.
    const share = (eachMs / 30_000) * 100;
    console.log(`      one message: ${eachMs.toFixed(1)} ms, ${share.toFixed(3)} % of the time`);
    assert.equal(listener.times("WATCHDOG=1").length, messages);
    assert.ok(share < 1);
  });
});

describe("a box whose own port does not answer", function () {
  this.timeout(60_000);
  let folder: string;
  let listener: NotifyListener;
  let rig: NetworkRig;
  let machine: Machine;

  before(async () => {
    rig = await NetworkRig.create();
    machine = await rig.machine("box");
    folder = await temporaryFolder();
    listener = await NotifyListener.start(join(folder, "notify.sock"));
  });
  after(async () => {
    await listener.stop();
    rig.delete();
    await rm(folder, { recursive: true });
  });

  it("gives no sign of life, says why, and gives one again when it answers", async () => {
    const env = { NOTIFY_SOCKET: listener.path, WATCHDOG_USEC: String(PATIENCE_MS * 1000) };
    const { within } = machine;
    const box = await BoxProcess.start({ data: join(folder, "data"), env, within });
    const signs = () => listener.times("WATCHDOG=1").length;
    await until("signs of life", () => signs() >= 2);

    await machine.ip("link", "set", "lo", "down");
    const isTold = () => box.program.stdout.includes('"event":"self-check-failed"');
    await until("the failed check", isTold);
    const counted = signs();
    await sleep(2 * PATIENCE_MS);
    assert.equal(signs(), counted);
    assert.match(box.program.stdout, /The box does not answer at its own port \d+ \(.+\)\./);

    await machine.ip("link", "set", "lo", "up");
    await until("signs of life again", () => signs() > counted);
    assert.equal(box.program.stdout.split('"event":"self-check-failed"').length, 2);
    await box.stop();
  });
});
