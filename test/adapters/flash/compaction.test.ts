import assert from "node:assert/strict";
import type { FlashTimers } from "../../../src/adapters/flash/timers.ts";
import { StorageFailedError } from "../../../src/ports/store.ts";
import { cmidOf } from "../../support/contacts.ts";
import { FaultyFs } from "../../support/faulty-fs.ts";
import {
  contentOf,
  instantTimers,
  noticeLog,
  openOn,
  put,
  settled,
} from "../../support/flash-rig.ts";

const journals = (fs: FaultyFs): string[] => fs.names.filter((name) => name.startsWith("journal"));

describe("Compaction", () => {
  it("writes the two slots in turn and keeps the journals that either needs", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    const kept: string[][] = [];
    for (let i = 1; i <= 4; i++) {
      await store.commit([put(i)]);
      await store.compact();
      kept.push(journals(fs).map((name) => name.slice(8, 16).replace(/^0+/, "")));
    }
    assert.deepEqual(kept, [
      ["1", "2"],
      ["2", "3"],
      ["3", "4"],
      ["4", "5"],
    ]);
    assert.deepEqual(
      fs.names.filter((name) => name.startsWith("state")),
      ["state.a.jsonl", "state.b.jsonl"],
    );
    assert.deepEqual(contentOf(await openOn(fs)), contentOf(store));
  });

  it("happens by itself when the journal has outgrown the limit and the last snapshot", async () => {
    const fs = new FaultyFs();
    const log = noticeLog();
    const store = await openOn(fs, { compactAtBytes: 2_000, onNotice: log.onNotice });
    for (let i = 0; i < 200; i++) {
      await store.commit([put(i % 100)]);
      if (i % 10 === 9) await settled();
    }
    assert.ok(log.notices.length >= 2 && log.notices.length <= 8, `${log.notices.length} times`);
    assert.deepEqual(contentOf(await openOn(fs)), contentOf(store));
  });

  it("happens after opening with long journals", async () => {
    const fs = new FaultyFs();
    const first = await openOn(fs);
    for (let i = 0; i < 20; i++) await first.commit([put(i)]);
    await first.close();
    const log = noticeLog();
    const second = await openOn(fs, { compactAtBytes: 2_000, onNotice: log.onNotice });
    await settled();
    assert.deepEqual(log.kinds(), ["compacted"]);
    await second.close();
    assert.equal(
      fs.log.some((call) => call.includes("state.b")),
      false,
    );
  });

  it("takes in changes that are made while it walks", async () => {
    const fs = new FaultyFs();
    let nowMs = 0;
    let work = async (): Promise<void> => undefined;
    // Every look at the clock takes so long that each record gets a slice of its own.
    const timers: FlashTimers = {
      ...instantTimers,
      nowMs: () => (nowMs += 3),
      pause: () => work(),
    };
    const store = await openOn(fs, { timers });
    await store.commit(Array.from({ length: 30 }, (_, i) => put(i)));
    let step = 0;
    work = async () => {
      step += 1;
      await store.commit([
        put(step, { lastContactMs: 5_000 + step }),
        put(100 + step),
        { op: "discard", cmid: cmidOf(30 - step), product: "writer" },
        { op: "document", name: `d${step % 3}`, value: step },
      ]);
    };
    await store.compact();
    assert.ok(step > 10);
    assert.deepEqual(contentOf(await openOn(fs.afterPowerCut("lost"))), contentOf(store));
  });

  it("done twice at once is done once", async () => {
    const fs = new FaultyFs();
    const log = noticeLog();
    const store = await openOn(fs, { onNotice: log.onNotice });
    await Promise.all([store.compact(), store.compact()]);
    assert.deepEqual(log.kinds(), ["compacted"]);
  });

  it("that fails does not hinder commits, leaves nothing behind and is tried again later", async () => {
    const fs = new FaultyFs();
    const log = noticeLog();
    const store = await openOn(fs, { compactAtBytes: 1_000, onNotice: log.onNotice });
    fs.fault = ({ kind, name }) =>
      kind === "sync" && name.startsWith("state") ? "EIO" : undefined;
    for (let i = 0; i < 6; i++) await store.commit([put(i)]);
    await settled();
    assert.deepEqual(store.condition, { state: "open" });
    assert.deepEqual(log.kinds(), ["failed"]);
    assert.deepEqual(
      fs.names.filter((name) => !name.startsWith("journal")),
      [],
    );
    fs.fault = () => undefined;
    for (let i = 0; i < 6; i++) await store.commit([put(i)]);
    await settled();
    assert.deepEqual(log.kinds(), ["failed", "compacted"]);
    assert.deepEqual(contentOf(await openOn(fs)), contentOf(store));
  });

  it("whose new journal cannot be made is a failure of the store, and passes", async () => {
    const fs = new FaultyFs();
    const log = noticeLog();
    const store = await openOn(fs, { onNotice: log.onNotice });
    await store.commit([put(1)]);
    let failures = 1;
    fs.fault = ({ kind, name }) =>
      kind === "write" && name === "journal.00000002.jsonl" && failures-- > 0
        ? "ENOSPC"
        : undefined;
    await assert.rejects(store.compact(), StorageFailedError);
    await settled();
    assert.deepEqual(log.kinds(), ["failed", "recovered"]);
    await store.commit([put(2)]);
    assert.equal((await openOn(fs.afterPowerCut("lost"))).ledger.size, 2);
  });

  it("is given up when the store is closed", async () => {
    const fs = new FaultyFs();
    const log = noticeLog();
    const store = await openOn(fs, { onNotice: log.onNotice });
    await store.commit([put(1)]);
    const compaction = store.compact();
    await store.close();
    await assert.rejects(compaction, StorageFailedError);
    assert.deepEqual(log.kinds(), []);
    assert.equal((await openOn(fs)).ledger.size, 1);
  });

  it("leaves no temporary file behind when the power was cut", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    await store.close();
    fs.setContent("state.a.jsonl.tmp", "half a snapshot");
    await openOn(fs);
    assert.equal(fs.names.includes("state.a.jsonl.tmp"), false);
  });

  it("does not mind old journals that cannot be removed", async () => {
    const fs = new FaultyFs();
    const store = await openOn(fs);
    await store.compact();
    fs.fault = ({ kind }) => (kind === "remove" ? "EIO" : undefined);
    await store.compact();
    assert.equal(journals(fs).length, 3);
    fs.fault = () => undefined;
    await store.compact();
    assert.equal(journals(fs).length, 2);
  });
});
