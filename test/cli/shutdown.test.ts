import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

type Refusal = { error: { code: string; message: string } };

describe("kms-box shutdown", () => {
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const ask = (data: string, ...args: string[]) =>
    runProgram("kms-box", ["shutdown", ...args, "--data", data, "--json"]);

  it("lets the box end once systemd has taken the wish, to start again if nothing comes of it", async () => {
    const data = join(folder, "installed");
    const runtime = join(folder, "run");
    await mkdir(runtime);
    const box = await BoxProcess.start({ data, env: { RUNTIME_DIRECTORY: runtime } });
    const asked = ask(data, "--yes");
    // In the place of kms-box-power-off.path.
    const wish = join(runtime, "power-off");
    while (!existsSync(wish)) await sleep(20);
    await rm(wish);
    const answer = await asked;
    assert.deepEqual([answer.status, answer.json()], [0, { accepted: "power-off" }]);
    assert.equal(await box.program.ended(), 75);
    assert.match(box.program.stdout, /"event":"power-off-requested","eventId":109,"by":"command"/);
    assert.match(box.program.stdout, /Stopping as the machine shuts down/);
  });

  it("says what to do where no service manager runs the box, which goes on", async () => {
    const box = await BoxProcess.start({ data: join(folder, "by-hand") });
    const answer = await ask(box.data, "--yes");
    assert.equal(answer.status, 1);
    const { code, message } = answer.json<Refusal>().error;
    assert.equal(code, "power-off-failed");
    assert.match(
      message,
      /stop this box by Ctrl-C, then switch the machine off by "sudo poweroff"/,
    );
    assert.equal((await fetch(`http://${box.address}/v1/host`)).status, 200);
    assert.equal(await box.stop(), 0);
  });

  it("says what it would do unless it is told twice, and where no box runs", async () => {
    const untold = await ask(folder);
    assert.equal(untold.status, 2);
    assert.match(untold.json<Refusal>().error.message, /switches the machine off.*--yes/);
    const none = await ask(folder, "--yes");
    assert.deepEqual([none.status, none.json<Refusal>().error.code], [1, "box-not-running"]);
  });
});
