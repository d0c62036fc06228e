import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileLock, FileLockedError } from "../../src/platform/file-lock.ts";
import { isRunning, ownIdentity } from "../../src/platform/process-identity.ts";

/** No process has this id: it is beyond what any kernel gives. */
const NO_PID = 0x3fff_ffff;

describe("A file lock", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "file-lock-"));
    path = join(folder, "lock");
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function acquireAll(count: number): Promise<FileLock[]> {
    const results = await Promise.allSettled(
      Array.from({ length: count }, () => FileLock.acquire(path)),
    );
    for (const result of results) {
      if (result.status === "rejected") assert.ok(result.reason instanceof FileLockedError);
    }
    return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  it("is held by one at a time, and a refusal names the holder", async () => {
    const lock = await FileLock.acquire(path);
    await assert.rejects(FileLock.acquire(path), (error) => {
      assert.ok(error instanceof FileLockedError);
      assert.equal(error.code, "file-locked");
      assert.equal(error.pid, process.pid);
      assert.match(error.message, new RegExp(`process ${process.pid}`));
      return true;
    });
    await lock.release();
    await (await FileLock.acquire(path)).release();
    assert.deepEqual(await readdir(folder), []);
  });

  it("is got by exactly one of many that try at once", async () => {
    assert.equal((await acquireAll(20)).length, 1);
    assert.deepEqual(await readdir(folder), ["lock"]);
  });

  const leftovers: readonly [what: string, content: () => Promise<string>][] = [
    ["of a process that is gone", async () => JSON.stringify({ pid: NO_PID })],
    [
      "of an earlier boot",
      async () => JSON.stringify({ ...(await ownIdentity()), bootId: "other" }),
    ],
    [
      "of an earlier process with the same id",
      async () => JSON.stringify({ ...(await ownIdentity()), startTime: "1" }),
    ],
    ["that a power cut emptied", async () => ""],
    ["that a power cut ruined", async () => "\0\0\0"],
    ["that names nobody", async () => "null"],
  ];
  for (const [what, content] of leftovers) {
    it(`${what} is taken over, by exactly one`, async () => {
      if (process.platform !== "linux" && /earlier/.test(what)) return;
      await writeFile(path, await content());
      const locks = await acquireAll(10);
      assert.equal(locks.length, 1);
      assert.match(await readFile(path, "utf8"), new RegExp(`"pid":${process.pid}`));
      await locks[0]?.release();
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it("whose taking over was interrupted is taken over all the same", async () => {
    await writeFile(path, JSON.stringify({ pid: NO_PID }));
    await writeFile(`${path}.takeover`, JSON.stringify({ pid: NO_PID }));
    await (await FileLock.acquire(path)).release();
    assert.deepEqual(await readdir(folder), []);
  });

  it("that another took meanwhile is left to them", async () => {
    const lock = await FileLock.acquire(path);
    await writeFile(path, "another's");
    await lock.release();
    assert.equal(await readFile(path, "utf8"), "another's");
    await rm(path);
    await lock.release();
  });

  it("in a folder that cannot be written fails with the system's error", async () => {
    await assert.rejects(FileLock.acquire(join(folder, "missing", "lock")), { code: "ENOENT" });
    await writeFile(path, "");
    await assert.rejects(FileLock.acquire(join(path, "lock")), { code: "ENOTDIR" });
  });
});

describe("A process's identity", () => {
  it("tells that this process runs and that one with no such id does not", async () => {
    assert.equal(await isRunning(await ownIdentity()), true);
    assert.equal(await isRunning({ pid: process.pid }), true);
    assert.equal(await isRunning({ pid: NO_PID }), false);
  });

  it("takes a process of another user for running", async () => {
    assert.equal(await isRunning({ pid: 1 }), true);
  });
});
