import assert from "node:assert/strict";
import fc from "fast-check";
import type { ContactRecord } from "../../src/domain/contact.ts";
import { ActivationLedger } from "../../src/domain/ledger.ts";
import { cmidOf, contact } from "../support/contacts.ts";

const keysOf = (ledger: ActivationLedger): string[] =>
  ledger.contactedUntil(Number.POSITIVE_INFINITY, 1000).map(({ cmid, product }) => cmid + product);

describe("ActivationLedger", () => {
  it("counts each CMID once for an application, however many products it asks for", () => {
    const ledger = new ActivationLedger();
    ledger.put(contact(1, { product: "writer", application: "office" }));
    ledger.put(contact(1, { product: "tables", application: "office" }));
    ledger.put(contact(2, { product: "writer", application: "office" }));
    ledger.put(contact(2, { product: "server", application: "servers" }));
    assert.equal(ledger.count("office"), 2);
    assert.equal(ledger.count("servers"), 1);
    assert.equal(ledger.count("unheard of"), 0);
    assert.equal(ledger.size, 4);
    assert.equal(ledger.clients, 2);
  });

  it("tells what the count will be with one more contact", () => {
    const ledger = new ActivationLedger();
    ledger.put(contact(1, { application: "office" }));
    assert.equal(ledger.countWith("office", cmidOf(1)), 1);
    assert.equal(ledger.countWith("office", cmidOf(2)), 2);
    assert.equal(ledger.countWith("servers", cmidOf(1)), 1);
  });

  it("moves the CMID's count along when its product is counted under another application", () => {
    const ledger = new ActivationLedger();
    ledger.put(contact(1, { product: "writer", application: "office" }));
    const mark = ledger.mark();
    ledger.put(contact(1, { product: "writer", application: "desk" }));
    assert.deepEqual([ledger.count("office"), ledger.count("desk")], [0, 1]);
    ledger.rollback(mark);
    assert.deepEqual([ledger.count("office"), ledger.count("desk")], [1, 0]);
  });

  it("gives back exactly the record that was put", () => {
    const ledger = new ActivationLedger();
    const record = contact(1, { status: "out-of-tolerance-grace", leaseExpiresMs: 2 ** 42 + 1 });
    ledger.put(record);
    assert.deepEqual(ledger.get(record.cmid, record.product), record);
    assert.deepEqual(ledger.ofClient(record.cmid), [record]);
    assert.equal(ledger.get(record.cmid, "another"), undefined);
    assert.equal(ledger.get(cmidOf(2), record.product), undefined);
    assert.deepEqual(ledger.ofClient(cmidOf(2)), []);
  });

  it("gives back texts that are longer, shorter or stranger than most", () => {
    const ledger = new ActivationLedger();
    const odd: Partial<ContactRecord>[] = [
      { hostname: "ü".repeat(43), fingerprint: "", jtis: [] },
      { hostname: "名前", fingerprint: "a".repeat(64), jtis: ["b".repeat(22), "c".repeat(22)] },
      { hostname: "x".repeat(255), fingerprint: "not base64url!", jtis: ["short"] },
      { hostname: "", fingerprint: "-_9".repeat(14), jtis: ["_".repeat(22)] },
      { hostname: "y", fingerprint: "é", jtis: [""] },
    ];
    for (const members of odd) {
      ledger.put(contact(1, members));
      assert.deepEqual(ledger.get(cmidOf(1), contact(1).product), contact(1, members));
    }
  });

  it("shares the client-wide members among all records of a CMID", () => {
    const ledger = new ActivationLedger();
    ledger.put(contact(1, { product: "writer", hostname: "old", issuedAtSec: 1, jtis: ["A"] }));
    ledger.put(contact(1, { product: "tables", hostname: "new", issuedAtSec: 2, jtis: ["B"] }));
    assert.equal(ledger.get(cmidOf(1), "writer")?.hostname, "new");
    assert.deepEqual(ledger.lastRequest(cmidOf(1)), { issuedAtSec: 2, jtis: ["B"] });
    assert.equal(ledger.lastRequest(cmidOf(2)), undefined);
  });

  it("forgets a CMID with its last record", () => {
    const ledger = new ActivationLedger();
    const record = contact(1);
    ledger.put(record);
    assert.deepEqual(ledger.discard(record.cmid, record.product), record);
    assert.equal(ledger.discard(record.cmid, record.product), undefined);
    assert.equal(ledger.clients, 0);
    assert.equal(ledger.count(record.application), 0);
    assert.equal(ledger.lastRequest(record.cmid), undefined);
    assert.equal(ledger.oldestContactMs, undefined);
    assert.equal(ledger.newestContact, undefined);
  });

  it("lists who was heard of longest ago first, also when the clock went back", () => {
    const ledger = new ActivationLedger();
    for (const [n, lastContactMs] of [50, 30, 40, 30, 10].entries()) {
      ledger.put(contact(n, { lastContactMs }));
    }
    const heard = (untilMs: number, limit: number) =>
      ledger.contactedUntil(untilMs, limit).map(({ cmid }) => cmid);
    assert.deepEqual(heard(40, 10), [4, 1, 3, 2].map(cmidOf));
    assert.deepEqual(heard(40, 2), [4, 1].map(cmidOf));
    assert.deepEqual(heard(9, 10), []);
    assert.equal(ledger.oldestContactMs, 10);
    assert.equal(ledger.newestContact?.cmid, cmidOf(0));
  });

  it("puts a record that contacted again at the end of the order, and back on rollback", () => {
    const ledger = new ActivationLedger();
    for (const n of [1, 2, 3]) ledger.put(contact(n, { lastContactMs: n }));
    const before = keysOf(ledger);
    const mark = ledger.mark();
    ledger.put(contact(2, { lastContactMs: 9 }));
    ledger.discard(cmidOf(1), contact(1).product);
    ledger.put(contact(4, { lastContactMs: 9 }));
    assert.deepEqual(
      ledger.contactedUntil(9, 9).map(({ cmid }) => cmid),
      [3, 2, 4].map(cmidOf),
    );
    ledger.rollback(mark);
    assert.deepEqual(keysOf(ledger), before);
  });

  it("refuses a CMID that is not a lower-case UUID and changes nothing", () => {
    const ledger = new ActivationLedger();
    for (const cmid of [
      "",
      cmidOf(1).toUpperCase(),
      "g".repeat(36),
      cmidOf(10).replace("-", "0"),
    ]) {
      assert.throws(() => ledger.put(contact(1, { cmid })), RangeError);
      assert.equal(ledger.get(cmid, "writer"), undefined);
      assert.equal(ledger.countWith("office", cmid), 1);
    }
    assert.equal(ledger.size, 0);
    assert.equal(ledger.mark(), 0);
  });

  it("refuses to undo what is settled", () => {
    const ledger = new ActivationLedger();
    const early = ledger.mark();
    ledger.put(contact(1));
    ledger.settle(ledger.mark());
    assert.throws(() => ledger.rollback(early), /settled/);
    assert.equal(ledger.size, 1);
  });

  it("never gives the same mark to two changes", () => {
    const ledger = new ActivationLedger();
    ledger.put(contact(1));
    const later = ledger.mark();
    ledger.rollback(0);
    ledger.put(contact(2));
    assert.ok(ledger.mark() > later);
    ledger.settle(ledger.mark() + 100);
    ledger.rollback(ledger.mark());
    assert.equal(ledger.clients, 1);
  });

  it("lets a mark stand while only what was rolled back is settled", () => {
    const ledger = new ActivationLedger();
    const early = ledger.mark();
    ledger.put(contact(1));
    ledger.rollback(early);
    ledger.settle(ledger.mark());
    ledger.put(contact(2));
    ledger.rollback(early);
    assert.equal(ledger.size, 0);
  });

  it("reuses the places of discarded records and leaves the others where they are", () => {
    const ledger = new ActivationLedger();
    for (const n of [1, 2, 3]) ledger.put(contact(n));
    ledger.discard(cmidOf(2), contact(2).product);
    assert.equal(ledger.at(1), undefined);
    assert.equal(ledger.at(-1), undefined);
    assert.equal(ledger.at(3), undefined);
    ledger.put(contact(4));
    assert.equal(ledger.places, 3);
    assert.deepEqual(
      [0, 1, 2].map((place) => ledger.at(place)?.cmid),
      [1, 4, 3].map(cmidOf),
    );
  });

  it("keeps what was read of a broken source in order and takes nothing of it back", () => {
    const ledger = new ActivationLedger();
    function* broken(): Generator<ContactRecord> {
      yield contact(1, { lastContactMs: 9 });
      yield contact(2, { lastContactMs: 3 });
      throw new Error("unreadable");
    }
    assert.throws(() => ledger.load(broken()), /unreadable/);
    assert.equal(ledger.oldestContactMs, 3);
    ledger.rollback(ledger.mark());
    assert.equal(ledger.size, 2);
  });

  it("holds and finds many CMIDs, whatever the seed", () => {
    const many = 20_000;
    for (const seed of [0, 0xdead_beef]) {
      const ledger = new ActivationLedger(seed);
      for (let n = 0; n < many; n++) ledger.put(contact(n, { lastContactMs: n }));
      for (let n = 0; n < many; n += 2) ledger.discard(cmidOf(n), contact(n).product);
      assert.equal(ledger.count(contact(0).application), many / 2);
      for (let n = 0; n < many; n++) {
        assert.equal(ledger.lastRequest(cmidOf(n)) === undefined, n % 2 === 0);
      }
    }
  });

  it("keeps every CMID apart from every other", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 60 }), (cmids) => {
        const ledger = new ActivationLedger();
        for (const cmid of cmids) ledger.put(contact(0, { cmid, hostname: cmid }));
        assert.equal(ledger.clients, cmids.length);
        for (const cmid of cmids) assert.equal(ledger.ofClient(cmid)[0]?.hostname, cmid);
      }),
    );
  });
});
