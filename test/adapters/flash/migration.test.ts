import assert from "node:assert/strict";
import type { Row } from "../../../src/adapters/flash/rows.ts";
import type { Migration } from "../../../src/adapters/flash/schema.ts";
import { StorageUnreadableError } from "../../../src/ports/store.ts";
import { cmidOf } from "../../support/contacts.ts";
import { FaultyFs } from "../../support/faulty-fs.ts";
import { contentOf, noticeLog, openOn, put, settled } from "../../support/flash-rig.ts";

/** From 1 to 2: what was called `agent` gets a mark; documents named `old` are dropped. */
const markAgents: Migration = (row): readonly Row[] => {
  if (row[0] === "put") return [[...row.slice(0, 6), `${row[6] as string}+`, ...row.slice(7)]];
  return row[0] === "document" && row[1] === "old" ? [] : [row];
};
/** From 2 to 3: the mark is doubled. */
const doubleMarks: Migration = (row) =>
  row[0] === "put" ? [[...row.slice(0, 6), `${row[6] as string}+`, ...row.slice(7)]] : [row];

async function folderOfVersion1(): Promise<FaultyFs> {
  const fs = new FaultyFs();
  const store = await openOn(fs);
  await store.commit([put(1, { agent: "a" }), { op: "document", name: "old", value: 1 }]);
  await store.compact();
  await store.commit([put(2, { agent: "b" }), { op: "document", name: "new", value: 1 }]);
  await store.close();
  return fs;
}

describe("State of an older schema version", () => {
  it("is migrated through every version between, and the old files are kept", async () => {
    const fs = await folderOfVersion1();
    const [slot, journal] = ["state.a.jsonl", "journal.00000002.jsonl"];
    const before = [slot, journal].map((name) => fs.contentOf(name).toString());
    const log = noticeLog();
    const migrations = [markAgents, doubleMarks];
    const store = await openOn(fs, { migrations, onNotice: log.onNotice });
    const agents = [1, 2].map((n) => store.ledger.get(cmidOf(n), "writer")?.agent);
    assert.deepEqual(agents, ["a++", "b++"]);
    assert.deepEqual([...store.documents.keys()], ["new"]);
    assert.deepEqual(log.kinds(), ["migrated", "compacted"]);
    assert.deepEqual(log.notices[0], {
      kind: "migrated",
      from: 1,
      to: 3,
      kept: `/state/${slot}.v1.bak, /state/${journal}.v1.bak`,
    });
    const kept = [slot, journal].map((name) => fs.contentOf(`${name}.v1.bak`).toString());
    assert.deepEqual(kept, before);

    await store.commit([put(3, { agent: "c" })]);
    const content = contentOf(store);
    await store.close();
    const again = noticeLog();
    const reopened = await openOn(fs, { migrations, onNotice: again.onNotice });
    assert.deepEqual(contentOf(reopened), content);
    assert.deepEqual(again.kinds(), []);
  });

  it("is still there when the power is cut at any point of the migration", async () => {
    const migrations = [markAgents];
    for (let crashAt = 1, done = false; !done; crashAt++) {
      const fs = await folderOfVersion1();
      fs.crashAt = fs.calls + crashAt;
      const opening = openOn(fs, { migrations }).then(() => true);
      done = await Promise.race([opening, fs.crashed.then(() => false)]);
      for (const survival of ["lost", "half", "kept"] as const) {
        const store = await openOn(fs.afterPowerCut(survival), { migrations });
        const agents = [1, 2].map((n) => store.ledger.get(cmidOf(n), "writer")?.agent);
        assert.deepEqual(agents, ["a+", "b+"], `cut before call ${crashAt}, unsynced ${survival}`);
        await store.close();
      }
    }
  });

  it("is migrated later if there is no space for it now", async () => {
    const fs = await folderOfVersion1();
    fs.space = 100;
    const log = noticeLog();
    const store = await openOn(fs, { migrations: [markAgents], onNotice: log.onNotice });
    assert.equal(store.ledger.size, 2);
    assert.equal(store.condition.state, "failed");
    fs.space = Number.POSITIVE_INFINITY;
    await settled();
    assert.deepEqual(log.kinds().slice(0, 3), ["failed", "migrated", "recovered"]);
    await store.commit([put(3)]);
    assert.equal((await openOn(fs, { migrations: [markAgents] })).ledger.size, 3);
  });
});

describe("State of a newer schema version", () => {
  for (const compacted of [true, false]) {
    it(`is refused and left alone (${compacted ? "snapshot" : "journal"})`, async () => {
      const fs = new FaultyFs();
      const newer = await openOn(fs, { migrations: [markAgents] });
      await newer.commit([put(1)]);
      if (compacted) await newer.compact();
      await newer.close();
      const before = fs.names.map((name) => fs.contentOf(name).toString());
      await assert.rejects(openOn(fs), (error) => {
        assert.ok(error instanceof StorageUnreadableError);
        assert.match(error.message, /written by a newer version.*schema 2/);
        return true;
      });
      assert.deepEqual(
        fs.names.map((name) => fs.contentOf(name).toString()),
        before,
      );
    });
  }
});
