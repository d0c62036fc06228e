import assert from "node:assert/strict";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS } from "../../src/domain/units.ts";
import type { ClockAnswer } from "../../src/web/api/clock-schemas.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { FakeTime } from "../support/fake-time.ts";

const YEAR_1970_MS = 60_000;
const YEAR_2040_MS = Date.UTC(2040, 0, 1);
const CLIENTS = 25;
type Refusal = { error: { code: string; message: string } };

describe("a box whose clock is wrong", function () {
  this.timeout(120_000);
  let folder: string;
  let time: FakeTime;
  let data: string;
  let box: BoxProcess | undefined;

  beforeEach(async () => {
    folder = await temporaryFolder();
    time = await FakeTime.create(folder);
    data = join(folder, "data");
  });
  afterEach(async () => {
    await box?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (...args: string[]) => {
    box = await BoxProcess.start({ data, demo: true, args, env: time.env });
  };
  const stop = async () => {
    assert.equal(await box?.stop(), 0);
    box = undefined;
  };
  const run = (...args: string[]) =>
    runProgram("kms-box", [...args, "--data", data, "--json"], { env: time.env });
  const clock = async (...args: string[]) => {
    const answer = await run("clock", ...args);
    return { status: answer.status, ...answer.json<ClockAnswer & Refusal>() };
  };
  const demo = () => run("demo", String(CLIENTS), "--pause", "0");
  const assertRefused = async () => {
    assert.equal((await demo()).status, 3);
    const refused = await told("request-refused");
    assert.ok(refused.length > 0);
    for (const { details } of refused) assert.match(JSON.stringify(details), /clock-untrusted/);
  };
  const count = async () =>
    (await run("status")).json<{ products: { count: number }[] }>().products[0]?.count;
  /** Also of products whose licence is not valid. */
  const clients = async () => (await run("status")).json<{ clients: number }>().clients;
  const told = async (name: string) =>
    (await run("events", "--name", name)).json<{ events: { details: object }[] }>().events;
  /** 25 clients are activated, and the mark is on flash. */
  const activate = async () => {
    assert.equal((await demo()).status, 0);
    assert.equal(await count(), CLIENTS);
  };

  it("started in 1970, discards and activates nobody until its clock is set", async () => {
    await start();
    await activate();
    await stop();
    await time.setTo(YEAR_1970_MS);
    await start();
    const { status, verdict, detail } = await clock("status");
    assert.deepEqual([status, verdict], [1, "behind"]);
    assert.match(detail, /^The clock says 1970-01-01T00:.*, but it was 20/);
    await assertRefused();
    assert.equal(await count(), CLIENTS);
    const word = await clock("trust", "--yes");
    assert.deepEqual([word.status, word.error.code], [1, "clock-implausible"]);

    await time.setRight();
    assert.equal((await clock("status")).verdict, "good");
    assert.equal((await demo()).status, 0);
    assert.equal((await told("clock-stepped")).length, 1);
  });

  it("started in 2040, discards and activates nobody until its clock is set", async () => {
    await start();
    await activate();
    await stop();
    await time.setTo(YEAR_2040_MS);
    await start();
    const { status, verdict, confirmed } = await clock("status");
    assert.deepEqual([status, verdict, confirmed], [1, "ahead", null]);
    await assertRefused();
    assert.equal(await count(), CLIENTS);
    assert.equal((await clock("trust")).error.code, "clock-needs-yes");
    await stop();

    await time.setRight();
    await start();
    assert.equal((await clock("status")).verdict, "good");
    assert.equal((await demo()).status, 0);
    assert.equal(await count(), CLIENTS);
  });

  it("set to 2040 while it runs, holds what it knows, and goes on once that is over", async () => {
    await start();
    await activate();
    const { mark } = await clock("status");
    await time.setTo(YEAR_2040_MS);
    const held = await clock("status");
    assert.deepEqual([held.status, held.verdict, held.mark], [1, "ahead", mark]);
    await assertRefused();
    assert.equal(await count(), CLIENTS);
    await time.setRight();
    assert.equal((await clock("status")).status, 0);
    assert.equal((await demo()).status, 0);
    assert.deepEqual(
      [(await told("clock-stepped")).length, (await told("cmid-discarded")).length],
      [2, 0],
    );
  });

  it("set a month ahead, does not believe it because the service is started anew", async () => {
    await start();
    await activate();
    await time.beAhead(31 * DAY_MS);
    assert.equal((await clock("status")).verdict, "ahead");
    await stop();
    await start();
    assert.equal((await clock("status")).verdict, "ahead");
    assert.equal(await count(), CLIENTS);

    // Somebody says that it is right after all.
    assert.equal((await clock("trust")).error.code, "clock-needs-yes");
    assert.equal((await clock("trust", "--yes")).status, 0);
    assert.equal((await demo()).status, 0);
    assert.equal((await told("cmid-discarded")).length, CLIENTS);
    assert.equal(await count(), CLIENTS);
  });

  it("takes back a time that was believed wrongly", async () => {
    await time.beAhead(200 * DAY_MS);
    await start();
    await activate();
    await time.setRight();
    assert.equal((await clock("status")).verdict, "behind");
    await assertRefused();
    assert.equal((await clock("trust")).error.code, "clock-needs-yes");
    const { status, mark } = await clock("trust", "--yes");
    assert.equal(status, 0);
    assert.ok(Math.abs(Date.parse(mark ?? "") - Date.now()) < 60_000);
    assert.equal((await told("clock-mark-lowered")).length, 1);
    assert.equal(await clients(), CLIENTS);
    await stop();
    await start();
    assert.equal((await clock("status")).verdict, "good");
    assert.equal(await clients(), CLIENTS);
  });

  it("without a time server activates on the administrator's word, for this boot", async () => {
    const config = join(folder, "config.json");
    await writeFile(config, '{"clock": {"trust": "manual"}, "log": {"format": "json"}}');
    await start("--config", config);
    const before = await clock("status");
    assert.deepEqual([before.status, before.verdict, before.sources], [1, "unvouched", []]);
    assert.equal((await clock("trust")).status, 0);
    await activate();
    await stop();
    await start("--config", config);
    const after = await clock("status");
    assert.deepEqual([after.status, after.sources[0]?.name], [0, "administrator"]);
  });

  it("tells a user who may not set the clock what to type", async () => {
    if (process.getuid?.() !== 0) return;
    // Never as root: it would set the clock of the machine that runs the tests.
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    data = join(folder, "nobody");
    await mkdir(data, { mode: 0o777 });
    await chmod(data, 0o777);
    await chmod(folder, 0o755);
    box = await BoxProcess.start({ data, demo: true, within: nobody });
    const args = ["clock", "set", new Date().toISOString(), "--data", data, "--json"];
    const answer = await runProgram("kms-box", args, { within: nobody });
    assert.equal(answer.status, 1);
    const { code, message } = answer.json<Refusal>().error;
    assert.equal(code, "clock-not-permitted");
    assert.match(
      message,
      /Type: sudo timedatectl set-time "20.* UTC", and then: kms-box clock trust/,
    );
  });
});
