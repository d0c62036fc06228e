import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sinon from "sinon";
import { NodeClock, NodeTimers } from "../../../src/adapters/system/node-clock.ts";
import { adminSocketPath } from "../../../src/adapters/system/socket-path.ts";

describe("the machine's clocks", () => {
  it("are the wall clock and one that never steps", () => {
    const time = sinon.useFakeTimers({ now: 5000, toFake: ["Date", "performance"] });
    const clock = new NodeClock();
    const before = clock.monotonicMs();
    time.tick(250);
    assert.equal(clock.nowMs(), 5250);
    assert.equal(clock.monotonicMs() - before, 250);
    time.setSystemTime(1000);
    assert.equal(clock.nowMs(), 1000);
    assert.equal(clock.monotonicMs() - before, 250);
  });

  it("call once after a time, unless that is taken back", () => {
    const time = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const timers = new NodeTimers();
    const calls: string[] = [];
    timers.after(100, () => calls.push("first"));
    const cancel = timers.after(100, () => calls.push("second"));
    cancel();
    time.tick(99);
    assert.deepEqual(calls, []);
    time.tick(1000);
    assert.deepEqual(calls, ["first"]);
  });
});

describe("the administrator's socket", () => {
  let folder: string;
  let stand: string | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kms-box-socket-"));
    stand = undefined;
  });
  afterEach(() => {
    for (const path of [folder, stand ?? folder]) rmSync(path, { recursive: true, force: true });
  });
  const longFolder = () => join(folder, "x".repeat(100));
  const standIn = () => {
    const path = adminSocketPath(longFolder());
    stand = dirname(path);
    return path;
  };

  it("is in the state folder", () => {
    assert.equal(adminSocketPath(folder), join(folder, "box.sock"));
  });

  it("is elsewhere, for the owner alone, if the folder's path is too long for a socket", async () => {
    const path = standIn();
    assert.ok(Buffer.byteLength(path) <= 100);
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    assert.equal(adminSocketPath(longFolder()), path);
    assert.notEqual(adminSocketPath(`${longFolder()}y`), path);
    rmSync(dirname(adminSocketPath(`${longFolder()}y`)), { recursive: true });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await new Promise((resolve) => server.close(resolve));
  });

  it("is not put into a folder that others can write, or that is a link", () => {
    const path = dirname(standIn());
    chmodSync(path, 0o777);
    assert.throws(
      () => standIn(),
      /belongs to somebody else, or others can write to it: remove it/,
    );
    rmSync(path, { recursive: true });
    symlinkSync(folder, path);
    assert.throws(() => standIn(), /remove it/);
  });
});
