import assert from "node:assert/strict";
import type { StateChange } from "../../../src/ports/store.ts";
import { StorageFailedError } from "../../../src/ports/store.ts";
import { cmidOf, contact } from "../../support/contacts.ts";
import { FaultyFs } from "../../support/faulty-fs.ts";
import {
  contentOf,
  ManualTimers,
  noticeLog,
  openOn,
  put,
  settled,
} from "../../support/flash-rig.ts";

describe("A flash store", () => {
  it("begins empty, in a folder of its own", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    assert.deepEqual(contentOf(store), { records: [], documents: {}, timeMarkMs: 0 });
    assert.deepEqual(store.condition, { state: "open" });
    await store.close();
    assert.deepEqual(fs.names, ["journal.00000001.jsonl"]);
  });

  it("has after opening what was committed before closing", async () => {
    const fs = new FaultyFs();
    const before = await openOn(fs);
    await before.commit([put(1, { hostname: "büro-Ω" }), put(2), put(2, { product: "other" })]);
    await before.commit([{ op: "discard", cmid: cmidOf(1), product: "writer" }, put(3)]);
    await before.commit([
      { op: "document", name: "licence", value: { text: "ä", list: [1, null] } },
    ]);
    await before.commit([{ op: "document", name: "gone", value: 1 }]);
    await before.commit([{ op: "document", name: "gone", value: null }]);
    await before.commit([{ op: "time", timeMs: 77_000 }]);
    const content = contentOf(before);
    await before.close();
    const after = await openOn(fs);
    assert.deepEqual(contentOf(after), content);
    assert.equal(after.ledger.count("office"), 2);
    assert.deepEqual([...after.documents.keys()], ["licence"]);
    assert.equal(after.timeMarkMs, 77_000);
    await after.close();
  });

  it("shows changes at once and resolves when they are on flash", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    const stored = store.commit([put(1), { op: "document", name: "a", value: 1 }]);
    assert.equal(store.ledger.size, 1);
    assert.equal(store.documents.get("a"), 1);
    await stored;
    const found = await openOn(fs.afterPowerCut("lost"));
    assert.deepEqual(contentOf(found), contentOf(store));
  });

  it("keeps a time mark that was lowered, whatever was recorded before", async () => {
    const fs = new FaultyFs();
    const before = await openOn(fs);
    await before.commit([put(1, { lastContactMs: 9_000 })]);
    await before.commit([put(1, { lastContactMs: 4_000 })]);
    await before.commit([{ op: "time", timeMs: 4_000, lowers: true }]);
    await before.commit([put(2, { lastContactMs: 5_000 })]);
    await before.close();
    const after = await openOn(fs);
    assert.equal(after.timeMarkMs, 5_000);
    await after.close();
  });

  it("never lets the time mark fall, and raises it with every contact", async () => {
    const store = await openOn(new FaultyFs());
    await store.commit([put(1, { lastContactMs: 5_000 })]);
    assert.equal(store.timeMarkMs, 5_000);
    await store.commit([{ op: "time", timeMs: 4_000 }, put(2, { lastContactMs: 3_000 })]);
    assert.equal(store.timeMarkMs, 5_000);
  });

  it("applies nothing of a commit that the ledger refuses in part", async () => {
    const store = await openOn(new FaultyFs());
    await store.commit([put(1), { op: "document", name: "a", value: 1 }]);
    const before = contentOf(store);
    const changes: StateChange[] = [
      put(2, { lastContactMs: 9_000 }),
      { op: "document", name: "a", value: 2 },
      { op: "put", record: { ...contact(3), cmid: "not a CMID" } },
    ];
    await assert.rejects(store.commit(changes), RangeError);
    assert.deepEqual(contentOf(store), before);
  });

  it("refuses a commit that is too large to be read back", async () => {
    const store = await openOn(new FaultyFs());
    const value = "x".repeat(6 << 20);
    await assert.rejects(store.commit([{ op: "document", name: "a", value }]), StorageFailedError);
    assert.equal(store.documents.size, 0);
  });

  it("has nothing to do for an empty commit", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    const before = fs.calls;
    await store.commit([]);
    assert.equal(fs.calls, before);
  });

  it("accepts nothing after closing, and can be closed twice", async () => {
    const store = await openOn(new FaultyFs());
    await store.close();
    await store.close();
    await assert.rejects(store.commit([put(1)]), /closed/);
    await assert.rejects(store.compact(), /closed/);
  });

  it("stores what was committed before it is closed", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs, { timers: new ManualTimers(), groupCommitMs: 10 });
    const commits = [store.commit([put(1)]), store.commit([put(2)])];
    await store.close();
    await Promise.all(commits);
    assert.equal((await openOn(fs)).ledger.size, 2);
  });

  it("tells a late listener what was noticed before", async () => {
    const store = await openOn(new FaultyFs());
    await store.commit([put(1)]);
    await store.compact();
    const log = noticeLog();
    store.onNotice(log.onNotice);
    await store.compact();
    assert.deepEqual(log.kinds(), ["compacted", "compacted"]);
  });
});

describe("Group commit", () => {
  it("writes everything that waits with one write and one fsync", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    const before = fs.log.length;
    await Promise.all(Array.from({ length: 64 }, (_, i) => store.commit([put(i)])));
    const [write, sync] = ["write", "sync"].map((kind) => `${kind} journal.00000001.jsonl`);
    assert.deepEqual(fs.log.slice(before), [write, sync]);
  });

  it("writes a lone commit at once and gathers those that follow closely", async () => {
    const fs = new FaultyFs();
    const timers = new ManualTimers();
    const store = await openOn(fs, { timers, groupCommitMs: 10 });
    await timers.pass(100);
    await store.commit([put(1)]);
    const stored: number[] = [];
    for (const number of [2, 3]) {
      void store.commit([put(number)]).then(() => stored.push(number));
      await timers.pass(4);
    }
    assert.deepEqual(stored, []);
    await timers.pass(2);
    assert.deepEqual(stored, [2, 3]);
    assert.equal(fs.log.filter((call) => call.startsWith("sync ")).length, 3);
  });

  it("goes on after a write that took only a part", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    fs.longestWrite = 7;
    await Promise.all([store.commit([put(1)]), store.commit([put(2)])]);
    await settled();
    assert.deepEqual(contentOf(await openOn(fs.afterPowerCut("lost"))), contentOf(store));
  });
});
