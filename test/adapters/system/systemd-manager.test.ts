import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemdManager, takeSupervision } from "../../../src/adapters/system/systemd-manager.ts";

describe("what systemd is told", () => {
  let folder: string;
  let program: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-notify-"));
    program = join(folder, "notify");
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A program in the place of systemd's. */
  async function standIn(script: string): Promise<SystemdManager> {
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    return new SystemdManager({ socket: "@x", patienceMs: null, program });
  }

  it("is an argument for each thing, the status in one line", async () => {
    const manager = await standIn(`printf '%s|' "$NOTIFY_SOCKET" "$@" >> ${folder}/told`);
    await manager.tell({ ready: true, status: "23 of 25\nREADY=1" });
    await manager.tell({ alive: true });
    await manager.tell({ stopping: true });
    assert.equal(
      await readFile(join(folder, "told"), "utf8"),
      "@x|READY=1|STATUS=23 of 25 READY=1|@x|WATCHDOG=1|@x|STOPPING=1|",
    );
  });

  it("is nothing where there is nothing to tell", async () => {
    await (await standIn("exit 1")).tell({});
  });

  it("fails with the program's own words", async () => {
    const manager = await standIn("echo 'Failed to notify init system: gone' >&2; exit 1");
    await assert.rejects(manager.tell({ ready: true }), {
      code: "manager-not-told",
      message: /^systemd cannot be told .*Failed to notify init system: gone\.$/,
    });
    await assert.rejects((await standIn("exit 3")).tell({ alive: true }), /fails \(3\)/);
  });

  it("fails with what to install where the program is missing", async () => {
    const manager = new SystemdManager({ socket: "@x", patienceMs: null, program });
    await assert.rejects(manager.tell({ ready: true }), /is missing; install the package systemd/);
  });
});

describe("what systemd gives", () => {
  const patienceOf = (env: NodeJS.ProcessEnv) =>
    takeSupervision({ NOTIFY_SOCKET: "/run/notify", ...env }, 7)?.patienceMs;

  it("is taken out of the environment, for no other program to speak in the service's name", () => {
    const env = { NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "1000", WATCHDOG_PID: "7", A: "b" };
    assert.deepEqual(takeSupervision(env, 7), { socket: "/run/notify", patienceMs: 1 });
    assert.deepEqual(env, { A: "b" });
  });

  it("is nothing where no service manager listens", () => {
    assert.equal(takeSupervision({ WATCHDOG_USEC: "1000" }, 7), undefined);
    assert.equal(takeSupervision({ NOTIFY_SOCKET: "" }, 7), undefined);
  });

  it("is a time in microseconds until a sign of life is missed, of one process", () => {
    assert.equal(patienceOf({ WATCHDOG_USEC: "60000000" }), 60_000);
    assert.equal(patienceOf({ WATCHDOG_USEC: "500", WATCHDOG_PID: "7" }), 0.5);
    assert.equal(patienceOf({ WATCHDOG_USEC: "500", WATCHDOG_PID: "8" }), null);
  });

  it("is no such time where it is not told, or is not a number", () => {
    const told = [{}, { WATCHDOG_USEC: "" }, { WATCHDOG_USEC: "0" }, { WATCHDOG_USEC: "1e9" }];
    for (const env of told) assert.equal(patienceOf(env), null);
  });
});
