import assert from "node:assert/strict";
import type { FlashStore } from "../../../src/adapters/flash/flash-store.ts";
import { FileLockedError } from "../../../src/platform/file-lock.ts";
import { StorageFailedError, StorageLockedError } from "../../../src/ports/store.ts";
import { cmidOf } from "../../support/contacts.ts";
import { FaultyFs } from "../../support/faulty-fs.ts";
import {
  contentOf,
  ManualTimers,
  noticeLog,
  openOn,
  put,
  settled,
} from "../../support/flash-rig.ts";

/** Fails the first calls of a kind on journals. */
function failJournal(fs: FaultyFs, kind: string, code: string, times = 1): void {
  let left = times;
  fs.fault = (call) =>
    call.kind === kind && call.name.startsWith("journal") && left-- > 0 ? code : undefined;
}

async function rejections(commits: readonly Promise<void>[]): Promise<string[]> {
  const results = await Promise.allSettled(commits);
  return results.map((result) => {
    if (result.status === "fulfilled") return "stored";
    assert.ok(result.reason instanceof StorageFailedError);
    return result.reason.message;
  });
}

describe("When storing fails", () => {
  let fs: FaultyFs;
  let timers: ManualTimers;
  let store: FlashStore;
  let log: ReturnType<typeof noticeLog>;

  beforeEach(async () => {
    fs = new FaultyFs();
    timers = new ManualTimers();
    log = noticeLog();
    store = await openOn(fs, { timers, onNotice: log.onNotice });
    await store.commit([put(1, { lastContactMs: 50 }), { op: "document", name: "a", value: 1 }]);
  });

  afterEach(() => store.close());

  const failures: readonly [what: string, kind: string, code: string, reason: RegExp][] = [
    ["the disk is full", "write", "ENOSPC", /free some space/],
    ["the file system is read-only", "write", "EROFS", /read-only/],
    ["a write fails", "write", "EIO", /replace the card/],
    ["an fsync fails", "sync", "EIO", /replace the card/],
    ["something else happens", "sync", "EWEIRD", /EWEIRD/],
  ];
  for (const [what, kind, code, reason] of failures) {
    it(`because ${what}, all that waits is refused and taken back, in memory and on flash`, async () => {
      const before = contentOf(store);
      failJournal(fs, kind, code);
      const refused = await rejections([
        store.commit([put(1, { lastContactMs: 99 }), { op: "document", name: "a", value: 2 }]),
        store.commit([put(2), { op: "document", name: "b", value: 3 }]),
        store.commit([{ op: "discard", cmid: cmidOf(1), product: "writer" }]),
        store.commit([
          { op: "document", name: "a", value: null },
          { op: "time", timeMs: 1_000 },
        ]),
      ]);
      for (const message of refused) assert.match(message, reason);
      assert.equal(refused.length, 4);
      assert.deepEqual(contentOf(store), before);
      assert.equal(store.condition.state === "failed" && store.condition.code, code);
      assert.deepEqual(log.kinds(), ["failed"]);

      await timers.pass(1_000);
      assert.deepEqual(store.condition, { state: "open" });
      await store.commit([put(3)]);
      assert.deepEqual(contentOf(await openOn(fs.afterPowerCut("lost"))), contentOf(store));
      assert.deepEqual(contentOf(await openOn(fs.afterPowerCut("kept"))), contentOf(store));
    });
  }

  it("commits are refused at once until it has recovered", async () => {
    failJournal(fs, "write", "ENOSPC");
    await assert.rejects(store.commit([put(2)]));
    const calls = fs.calls;
    await assert.rejects(store.commit([put(3)]), /cannot be stored at present.*free some space/);
    await assert.rejects(store.compact(), StorageFailedError);
    assert.equal(fs.calls, calls);
    assert.equal(store.ledger.size, 1);
  });

  it("it is tried again after 1, 2, 4 and at most 30 seconds", async () => {
    fs.space = 0;
    await assert.rejects(store.commit([put(2)]));
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      await timers.pass(seconds * 1_000 - 1);
      const calls = fs.calls;
      await timers.pass(1);
      assert.ok(fs.calls > calls, `after ${seconds} s`);
      assert.equal(store.condition.state, "failed");
    }
    fs.space = Number.POSITIVE_INFINITY;
    await timers.pass(30_000);
    assert.deepEqual(store.condition, { state: "open" });
    assert.deepEqual(log.notices.at(-1), { kind: "recovered", afterMs: 121_000 });
  });

  it("a read-only file system is lived with until it can be written again", async () => {
    fs.readOnly = true;
    await assert.rejects(store.commit([put(2)]), /read-only/);
    await timers.pass(1_000);
    assert.equal(store.condition.state, "failed");
    fs.readOnly = false;
    await timers.pass(2_000);
    await store.commit([put(2)]);
    assert.equal((await openOn(fs.afterPowerCut("lost"))).ledger.size, 2);
  });

  it("a failed fsync is not believed later, and the whole state is written anew", async () => {
    failJournal(fs, "sync", "EIO");
    await assert.rejects(store.commit([put(2)]));
    await timers.pass(1_000);
    assert.ok(fs.names.includes("state.a.jsonl"));
    assert.ok(fs.names.includes("journal.00000002.jsonl"));
    await store.commit([put(3)]);
    fs.delete("journal.00000001.jsonl");
    assert.deepEqual(contentOf(await openOn(fs.afterPowerCut("lost"))), contentOf(store));
  });

  it("a snapshot that cannot be written puts recovery off", async () => {
    failJournal(fs, "sync", "EIO");
    await assert.rejects(store.commit([put(2)]));
    fs.fault = ({ name }) => (name.startsWith("state.") ? "EIO" : undefined);
    await timers.pass(1_000);
    assert.equal(store.condition.state, "failed");
    fs.fault = () => undefined;
    await timers.pass(2_000);
    assert.deepEqual(store.condition, { state: "open" });
    assert.deepEqual(
      fs.names.filter((name) => name.endsWith(".tmp")),
      [],
    );
  });

  it("closing ends the attempts to recover", async () => {
    fs.space = 0;
    await assert.rejects(store.commit([put(2)]));
    await store.close();
    assert.equal(timers.waiting, 0);
    assert.equal((await openOn(fs.afterPowerCut("kept"))).ledger.size, 1);
  });

  it("closing during an attempt to recover waits for it", async () => {
    failJournal(fs, "sync", "EIO");
    await assert.rejects(store.commit([put(2)]));
    const passing = timers.pass(1_000);
    await Promise.all([store.close(), passing]);
    assert.equal(timers.waiting, 0);
    assert.equal((await openOn(fs)).ledger.size, 1);
  });
});

describe("When the folder cannot be written at the start", () => {
  it("the state can be read, and storing begins when that becomes possible", async () => {
    const fs = new FaultyFs();
    const first = await openOn(fs);
    await first.commit([put(1)]);
    await first.close();
    for (const code of ["EROFS", "ENOSPC"]) {
      const timers = new ManualTimers();
      let writable = false;
      fs.readOnly = code === "EROFS";
      const store = await openOn(fs, {
        timers,
        lock: async () => {
          if (!writable) throw Object.assign(new Error(code), { code });
          return { release: async () => undefined };
        },
      });
      assert.equal(store.ledger.size, 1);
      assert.equal(store.condition.state === "failed" && store.condition.code, code);
      writable = true;
      fs.readOnly = false;
      await timers.pass(1_000);
      await store.commit([put(1, { lastContactMs: 7 })]);
      await store.close();
    }
  });

  it("what another process wrote meanwhile is not overwritten", async () => {
    const fs = new FaultyFs();
    const timers = new ManualTimers();
    let released = 0;
    let writable = false;
    const store = await openOn(fs, {
      timers,
      lock: async () => {
        if (!writable) throw Object.assign(new Error("EROFS"), { code: "EROFS" });
        return { release: async () => void released++ };
      },
    });
    const other = await openOn(fs);
    await other.commit([put(1)]);
    await other.close();
    writable = true;
    await timers.pass(1_000);
    assert.equal(released, 1);
    assert.match(store.condition.state === "failed" ? store.condition.reason : "", /restart/);
    await store.close();
    assert.equal((await openOn(fs)).ledger.size, 1);
  });

  it("a folder in use by another process is refused, naming that process", async () => {
    const lock = (path: string): Promise<never> => Promise.reject(new FileLockedError(path, 4711));
    await assert.rejects(openOn(new FaultyFs(), { lock }), (error) => {
      assert.ok(error instanceof StorageLockedError);
      assert.match(error.message, /process 4711/);
      return true;
    });
  });

  it("a lock that cannot be given up does not keep the store from closing", async () => {
    const release = (): Promise<never> => Promise.reject(new Error("EROFS"));
    const store = await openOn(new FaultyFs(), { lock: async () => ({ release }) });
    await store.close();
    await settled();
  });
});
