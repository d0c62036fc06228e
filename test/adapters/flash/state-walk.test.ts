import assert from "node:assert/strict";
import type { FlashStore } from "../../../src/adapters/flash/flash-store.ts";
import type { StateChange } from "../../../src/ports/store.ts";
import { cmidOf } from "../../support/contacts.ts";
import { FaultyFs } from "../../support/faulty-fs.ts";
import { openOn, put } from "../../support/flash-rig.ts";
import { contentOf, MemoryStore } from "../../support/memory-store.ts";

const RECORDS = 2000;

describe("a snapshot told while the state changes", () => {
  let fs: FaultyFs;
  let store: FlashStore;
  beforeEach(async () => {
    fs = new FaultyFs();
    store = await openOn(fs);
    await store.commit(Array.from({ length: RECORDS }, (_, n) => put(n)));
  });
  afterEach(() => store.close());

  /** Puts together what is told; does something after each part. */
  async function told(between: (part: number) => Promise<unknown>): Promise<MemoryStore> {
    const copy = new MemoryStore();
    let part = 0;
    for await (const changes of store.snapshot()) {
      await copy.commit(changes);
      await between(part++);
    }
    return copy;
  }

  it("is the state at its end, whichever records changed", async () => {
    const early = [1, 2, 3];
    const late = [RECORDS - 1, RECORDS - 2];
    let expected: unknown;
    const copy = await told(async (part) => {
      if (part > 4) return;
      const changes: StateChange[] = [
        ...[...early, ...late].map((n) => put(n, { lastContactMs: 100 + part })),
        { op: "discard", cmid: cmidOf(10 + part), product: "writer" },
        put(RECORDS + part),
        { op: "document", name: "a", value: part },
      ];
      await store.commit(changes);
      expected = byKey(store);
    });
    assert.deepEqual(byKey(copy), expected);
    assert.deepEqual([...copy.documents], [["a", 4]]);
  });

  it("is not finished if something in it was taken back", async () => {
    const walk = told(async (part) => {
      if (part !== 1) return;
      fs.fault = ({ kind }) => (kind === "write" ? "EIO" : undefined);
      await assert.rejects(store.commit([put(1, { lastContactMs: 99 })]));
    });
    await assert.rejects(walk, { code: "storage-failed", message: /try again/ });
  });

  it("is told although the medium has failed for good", async () => {
    fs.fault = ({ kind }) => (kind === "write" ? "EIO" : undefined);
    await assert.rejects(store.commit([put(1, { lastContactMs: 99 })]));
    const copy = await told(async () => undefined);
    assert.deepEqual(byKey(copy), byKey(store));
  });

  it("may be left before its end", async () => {
    for await (const _changes of store.snapshot()) break;
    await store.commit([put(1)]);
    assert.equal((await told(async () => undefined)).ledger.size, RECORDS);
  });
});

function byKey(store: Parameters<typeof contentOf>[0]) {
  const { records } = contentOf(store);
  return records.toSorted((a, b) => a.cmid.localeCompare(b.cmid));
}
