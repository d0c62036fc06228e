import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { BoxProcess, RunningProgram, runProgram, temporaryFolder } from "../support/box-process.ts";
import { Peer } from "../support/web.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
type Refusal = { error: { code: string; message: string } };

describe("kms-box restart and reset", () => {
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const ask = (data: string, ...args: string[]) =>
    runProgram("kms-box", [...args, "--data", data, "--json"]);
  const eventsOf = (box: BoxProcess) =>
    box.program.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string });

  it("ends a box with 75 in order, and the next start knows why", async () => {
    const data = join(folder, "restart");
    const box = await BoxProcess.start({ data });
    const client = new AdminClient(data);
    assert.equal((await client.status()).lastStart, "first start");
    const answer = await ask(data, "restart");
    assert.deepEqual([answer.status, answer.json()], [0, { accepted: "restart" }]);
    assert.equal(await box.program.ended(), 75);
    const names = eventsOf(box).map(({ event }) => event);
    assert.deepEqual(names.slice(-3), ["restart-requested", "service-stopping", "service-stopped"]);

    const again = await BoxProcess.start({ data });
    const status = await runProgram("kms-box", ["status", "--data", data]);
    assert.match(status.stdout, /\nLast start +restart by command\n/);
    await again.stop("SIGKILL");

    const third = await BoxProcess.start({ data });
    assert.equal((await client.status()).lastStart, "crash");
    assert.ok(eventsOf(third).some(({ event }) => event === "stopped-unexpectedly"));
    assert.equal(await third.stop(), 0);
  });

  it("lets a demonstration start again by itself, and stop for good on a signal", async () => {
    const data = join(folder, "demo");
    const args = [
      "serve",
      "--demo",
      "--data",
      data,
      "--bind",
      "127.0.0.1",
      "--port",
      "0",
      "--no-web",
    ];
    const demo = new RunningProgram("kms-box", args);
    let welcomes = 0;
    for await (const line of demo.lines()) {
      if (line.includes("Ctrl-C")) welcomes++;
      if (line.includes("Ctrl-C") && welcomes === 1) {
        const told = await runProgram("kms-box", ["restart", "--data", data]);
        assert.match(told.stdout, /^The box restarts\./);
      }
      if (welcomes === 2) break;
    }
    assert.match(demo.stdout, /\n {2}The box starts again\.\n/);
    assert.equal((await new AdminClient(data).status()).lastStart, "restart by command");
    demo.child.kill("SIGTERM");
    assert.equal(await demo.ended(), 0);
  });

  it("stays stopped if a signal comes while it stops to start again", async () => {
    const data = join(folder, "overruled");
    const box = await BoxProcess.start({ data, demo: true });
    // A request that never ends keeps the stop waiting.
    const slow = new Peer(box.port);
    await slow.send("POST /v1/activations HTTP/1.1\r\n");
    await ask(data, "restart");
    for await (const line of box.program.lines()) if (line.includes("service-stopping")) break;
    assert.equal(await box.stop("SIGTERM"), 0);
    const starts = eventsOf(box).filter(({ event }) => event === "service-started");
    assert.equal(starts.length, 1);
  });

  it("says that no box runs, and how to start one", async () => {
    const answer = await ask(folder, "restart");
    assert.equal(answer.status, 1);
    assert.match(answer.json<Refusal>().error.message, /No box runs on .*kms-box serve/);
  });

  it("makes a running box a new one at its next start", async () => {
    const data = join(folder, "reset");
    const box = await BoxProcess.start({ data, demo: true });
    await runDemo(data, { ...QUIET, clients: 3 });
    const client = new AdminClient(data);
    const before = await client.status();
    assert.equal(before.clients, 3);
    const firstEvents = box.program.stdout.length;
    const answer = await ask(data, "reset", "--factory", "--yes");
    assert.deepEqual([answer.status, answer.json()], [0, { accepted: "factory-reset" }]);
    // With --demo it goes on in the same process.
    for await (const line of box.program.lines()) {
      const told = box.program.stdout.slice(firstEvents);
      if (told.includes('"service-started"') && line.includes("service-started")) break;
    }
    const after = await client.status();
    assert.notEqual(after.host, before.host);
    assert.deepEqual([after.clients, after.lastStart], [0, "factory reset"]);
    const { events } = await client.events({});
    assert.ok(events.some(({ name }) => name === "factory-reset-finished"));
    assert.ok(!events.some(({ name }) => name === "storage-begun-anew"));
    assert.equal(await box.stop(), 0);
  });

  it("ends a box that was reset with 75", async () => {
    const data = join(folder, "reset-daemon");
    const box = await BoxProcess.start({ data });
    const told = await runProgram("kms-box", ["reset", "--factory", "--yes", "--data", data]);
    assert.match(told.stdout, /recorded.*licence request/s);
    assert.equal(await box.program.ended(), 75);
    assert.ok(existsSync(join(data, "factory-reset")));
    // Any command that opens the folder finishes the reset.
    const key = await readFile(join(data, "host.jwk"), "utf8");
    const request = await runProgram("kms-box", ["licence", "request", "--data", data]);
    assert.equal(request.status, 0);
    assert.match(request.stderr, /The factory reset is done/);
    assert.ok(!key.includes(String(request.json().x)));
  });

  it("erases a stopped box at once, also one that cannot start", async () => {
    const data = join(folder, "stopped");
    await runProgram("kms-box", ["licence", "request", "--data", data]);
    await writeFile(join(data, "host.jwk"), "damaged");
    await writeFile(join(data, "notes.txt"), "mine");
    const answer = await ask(data, "reset", "--factory", "--yes");
    assert.deepEqual([answer.status, answer.json()], [0, { finished: "factory-reset" }]);
    assert.deepEqual(await readdir(data), ["notes.txt"]);
    const again = await ask(data, "reset", "--factory", "--yes");
    assert.equal(again.status, 1);
    assert.equal(again.json<Refusal>().error.code, "no-box");
    const nowhere = await ask(join(folder, "none"), "reset", "--factory", "--yes");
    assert.equal(nowhere.json<Refusal>().error.code, "no-box");
  });

  it("says what it would erase unless it is told twice, and ends with 2", async () => {
    const data = join(folder, "untold");
    await mkdir(data);
    await writeFile(join(data, "host.jwk"), "key");
    for (const flags of [[], ["--factory"], ["--yes"]]) {
      const answer = await ask(data, "reset", ...flags);
      assert.equal(answer.status, 2);
      const { message } = answer.json<Refusal>().error;
      assert.match(message, /erases licences, clients, settings and host key/);
      assert.ok(message.includes(`kms-box reset --factory --yes --data ${data}`));
    }
    assert.deepEqual(await readdir(data), ["host.jwk"]);
  });
});
