import assert from "node:assert/strict";
import { type CmidStore, StorageFailedError, type StoreNotice } from "../../src/ports/store.ts";
import { cmidOf, contact } from "../support/contacts.ts";
import { contentOf, MemoryStore } from "../support/memory-store.ts";

/** What every store must do; `open` gives an empty one. */
export function storeContract(name: string, open: () => Promise<CmidStore>): void {
  describe(`${name}, as any store,`, () => {
    let store: CmidStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    it("begins empty and open", () => {
      assert.equal(store.ledger.size, 0);
      assert.deepEqual([...store.documents], []);
      assert.equal(store.timeMarkMs, 0);
      assert.deepEqual(store.condition, { state: "open" });
    });

    it("shows a change as soon as it is committed, before it is durable", async () => {
      const stored = store.commit([{ op: "put", record: contact(1) }]);
      assert.equal(store.ledger.count("office"), 1);
      await stored;
      assert.deepEqual(store.ledger.get(cmidOf(1), "writer"), contact(1));
    });

    it("replaces a record by one of the same CMID and product", async () => {
      await store.commit([{ op: "put", record: contact(1) }]);
      await store.commit([{ op: "put", record: contact(1, { lastContactMs: 9 }) }]);
      assert.equal(store.ledger.size, 1);
      assert.equal(store.ledger.get(cmidOf(1), "writer")?.lastContactMs, 9);
    });

    it("applies the changes of one commit in their order", async () => {
      await store.commit([
        { op: "put", record: contact(1) },
        { op: "put", record: contact(2) },
        { op: "discard", cmid: cmidOf(1), product: "writer" },
        { op: "document", name: "a", value: 1 },
        { op: "document", name: "a", value: [2, { b: null }] },
      ]);
      assert.equal(store.ledger.get(cmidOf(1), "writer"), undefined);
      assert.equal(store.ledger.count("office"), 1);
      assert.deepEqual(store.documents.get("a"), [2, { b: null }]);
    });

    it("waits with a commit without changes for those before it, and writes nothing for it", async () => {
      let stored = false;
      void store.commit([{ op: "put", record: contact(1) }]).then(() => {
        stored = true;
      });
      await store.commit([]);
      assert.equal(stored, true);
      await store.commit([]);
      assert.equal(store.ledger.size, 1);
    });

    it("takes the discard of what it does not hold for done", async () => {
      await store.commit([{ op: "discard", cmid: cmidOf(1), product: "writer" }]);
      assert.equal(store.ledger.size, 0);
    });

    it("removes a document whose value is null", async () => {
      await store.commit([{ op: "document", name: "a", value: "x" }]);
      await store.commit([{ op: "document", name: "a", value: null }]);
      assert.equal(store.documents.has("a"), false);
    });

    it("raises the time mark by time and by contacts, and never lowers it", async () => {
      await store.commit([{ op: "time", timeMs: 5 }]);
      await store.commit([{ op: "time", timeMs: 3 }]);
      assert.equal(store.timeMarkMs, 5);
      await store.commit([{ op: "put", record: contact(1, { lastContactMs: 8 }) }]);
      await store.commit([{ op: "put", record: contact(2, { lastContactMs: 7 }) }]);
      assert.equal(store.timeMarkMs, 8);
    });

    it("lowers the time mark only when told to", async () => {
      await store.commit([{ op: "time", timeMs: 9 }]);
      await store.commit([{ op: "time", timeMs: 4, lowers: true }]);
      assert.equal(store.timeMarkMs, 4);
      await store.commit([{ op: "time", timeMs: 6 }]);
      assert.equal(store.timeMarkMs, 6);
    });

    it("makes commits durable in the order of the calls", async () => {
      const order: number[] = [];
      await Promise.all(
        [1, 2, 3].map((n) =>
          store.commit([{ op: "put", record: contact(n) }]).then(() => order.push(n)),
        ),
      );
      assert.deepEqual(order, [1, 2, 3]);
    });

    it("keeps nothing of a commit of which one change is refused", async () => {
      await store.commit([{ op: "document", name: "a", value: 1 }]);
      const before = contentOf(store);
      const bad = { ...contact(2), cmid: "no CMID" };
      await assert.rejects(
        store.commit([
          { op: "put", record: contact(1, { lastContactMs: 99 }) },
          { op: "document", name: "a", value: 2 },
          { op: "put", record: bad },
        ]),
        RangeError,
      );
      assert.deepEqual(contentOf(store), before);
    });

    it("tells its whole state as changes of an empty one", async () => {
      await store.commit([
        { op: "put", record: contact(1) },
        { op: "put", record: contact(2) },
        { op: "document", name: "a", value: [1] },
        { op: "time", timeMs: 5 },
      ]);
      await store.commit([{ op: "discard", cmid: cmidOf(1), product: "writer" }]);
      const copy = new MemoryStore();
      const told = store.snapshot();
      let next = await told.next();
      for (; !next.done; next = await told.next()) await copy.commit(next.value);
      assert.deepEqual(next.value, { records: 1, clients: 1 });
      assert.deepEqual(contentOf(copy), contentOf(store));
    });

    it("takes an empty commit for done", async () => {
      await store.commit([]);
      assert.equal(store.ledger.size, 0);
    });

    it("lets a listener be added at any time", () => {
      const notices: StoreNotice[] = [];
      store.onNotice((notice) => notices.push(notice));
      assert.deepEqual(notices, []);
    });

    it("waits for what is committed when it is closed, and takes nothing after that", async () => {
      const stored = store.commit([{ op: "put", record: contact(1) }]);
      await store.close();
      await stored;
      await assert.rejects(store.commit([{ op: "time", timeMs: 1 }]), StorageFailedError);
      await store.close();
    });
  });
}

/** What every store must do whose flash breaks while a commit is under way. */
export function failingStoreContract(
  name: string,
  open: () => Promise<{ store: CmidStore; holdAndFail: () => void }>,
): void {
  describe(`${name}, as any store whose flash breaks,`, () => {
    it("takes back what is not durable, refuses commits and says why", async () => {
      const { store, holdAndFail } = await open();
      const notices: StoreNotice[] = [];
      store.onNotice((notice) => notices.push(notice));
      await store.commit([
        { op: "put", record: contact(1) },
        { op: "document", name: "a", value: 1 },
      ]);
      const before = contentOf(store);
      holdAndFail();
      const outcomes = await Promise.allSettled([
        store.commit([{ op: "put", record: contact(1, { lastContactMs: 9 }) }]),
        store.commit([{ op: "document", name: "a", value: null }]),
        store.commit([{ op: "discard", cmid: cmidOf(1), product: "writer" }]),
      ]);
      for (const outcome of outcomes) {
        assert.equal(outcome.status, "rejected");
        assert.ok(outcome.reason instanceof StorageFailedError);
      }
      assert.deepEqual(contentOf(store), before);
      assert.equal(store.condition.state, "failed");
      assert.deepEqual(
        notices.map(({ kind }) => kind),
        ["failed"],
      );
      await assert.rejects(store.commit([{ op: "time", timeMs: 99 }]), StorageFailedError);
      assert.equal(store.timeMarkMs, 1);
      await store.close();
    });
  });
}
