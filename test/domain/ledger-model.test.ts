import assert from "node:assert/strict";
import fc from "fast-check";
import type { ContactRecord } from "../../src/domain/contact.ts";
import { ActivationLedger } from "../../src/domain/ledger.ts";
import { LICENCE_STATUSES } from "../../src/domain/status.ts";
import { cmidOf } from "../support/contacts.ts";
import { NaiveLedger } from "../support/naive-ledger.ts";

const CMIDS = [0, 1, 2, 3, 4].map(cmidOf);
const PRODUCTS = ["writer", "tables", "server"];
const APPLICATIONS = ["office", "servers"];

const cmid = fc.constantFrom(...CMIDS);
const product = fc.constantFrom(...PRODUCTS);
const base64url = (size: number) =>
  fc.string({
    unit: fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_"),
    minLength: size,
    maxLength: size,
  });
const jti = fc.oneof(
  { weight: 4, arbitrary: base64url(22) },
  { weight: 1, arbitrary: fc.string() },
);

const members = {
  cmid,
  product,
  application: fc.constantFrom(...APPLICATIONS),
  hostname: fc.string({ unit: "grapheme", maxLength: 60 }),
  fingerprint: fc.oneof(base64url(43), fc.string({ maxLength: 64 })),
  agent: fc.constantFrom("one/1", "one/2", "two/1"),
  status: fc.constantFrom(...LICENCE_STATUSES),
  firstContactMs: fc.nat(),
  lastContactMs: fc.nat({ max: 12 }),
  leaseExpiresMs: fc.maxSafeNat(),
  issuedAtSec: fc.maxSafeNat(),
  jtis: fc.oneof(
    { weight: 4, arbitrary: jti.map((one) => [one]) },
    { weight: 1, arbitrary: fc.array(jti, { maxLength: 3 }) },
  ),
};
const record: fc.Arbitrary<ContactRecord> = fc.record(members, { noNullPrototype: true });

type Step = (ledger: ActivationLedger, model: NaiveLedger) => void;

const put: fc.Arbitrary<Step> = record.map((given) => (ledger, model) => {
  ledger.put(given);
  model.put(given);
});
const discard: fc.Arbitrary<Step> = fc.tuple(cmid, product).map(([from, of]) => (ledger, model) => {
  assert.deepEqual(ledger.discard(from, of), model.discard(from, of));
});
const settle: fc.Arbitrary<Step> = fc.nat({ max: 5 }).map((ago) => (ledger, model) => {
  model.settle(ago, (mark) => ledger.settle(mark));
});
const rollback: fc.Arbitrary<Step> = fc.nat({ max: 8 }).map((ago) => (ledger, model) => {
  model.rollback(ago, (mark) => ledger.rollback(mark));
});
const load: fc.Arbitrary<Step> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: record },
      { weight: 1, arbitrary: fc.record({ discard: fc.record({ cmid, product }) }) },
    ),
    { maxLength: 12 },
  )
  .map((entries) => (ledger, model) => {
    ledger.load(entries);
    for (const entry of entries) {
      if ("discard" in entry) model.discard(entry.discard.cmid, entry.discard.product);
      else model.put(entry);
    }
    model.settle(0, () => undefined);
  });

const step = fc.oneof(
  { weight: 8, arbitrary: put },
  { weight: 4, arbitrary: discard },
  { weight: 3, arbitrary: rollback },
  { weight: 1, arbitrary: settle },
  { weight: 1, arbitrary: load },
);

function sorted(records: readonly ContactRecord[]): ContactRecord[] {
  return records.toSorted((a, b) => (a.cmid + a.product < b.cmid + b.product ? -1 : 1));
}

function placesOf(ledger: ActivationLedger): Map<string, number> {
  const places = new Map<string, number>();
  for (let place = 0; place < ledger.places; place++) {
    const held = ledger.at(place);
    if (held !== undefined) places.set(held.cmid + held.product, place);
  }
  return places;
}

function assertSame(ledger: ActivationLedger, model: NaiveLedger): void {
  assert.equal(ledger.size, model.records.length);
  assert.equal(ledger.clients, new Set(model.records.map((held) => held.cmid)).size);
  assert.equal(ledger.oldestContactMs, model.records[0]?.lastContactMs);
  for (const [untilMs, limit] of [[Number.POSITIVE_INFINITY, 99] as const, [6, 3] as const]) {
    assert.deepEqual(ledger.contactedUntil(untilMs, limit), model.contactedUntil(untilMs, limit));
  }
  const walked = Array.from({ length: ledger.places }, (_, place) => ledger.at(place));
  assert.deepEqual(sorted(walked.filter((held) => held !== undefined)), sorted(model.records));
  for (const application of APPLICATIONS) {
    assert.equal(ledger.count(application), model.count(application));
  }
  for (const of of CMIDS) {
    const held = model.records.filter((each) => each.cmid === of);
    assert.deepEqual(sorted(ledger.ofClient(of)), sorted(held));
    assert.deepEqual(ledger.lastRequest(of)?.jtis, held[0]?.jtis);
    assert.equal(ledger.lastRequest(of)?.issuedAtSec, held[0]?.issuedAtSec);
    for (const application of APPLICATIONS) {
      assert.equal(ledger.countWith(application, of), model.countWith(application, of));
    }
    for (const product of PRODUCTS) {
      assert.deepEqual(
        ledger.get(of, product),
        held.find((each) => each.product === product),
      );
    }
  }
}

describe("ActivationLedger beside a naive model", () => {
  it("answers the same after any sequence of changes, rollbacks, settlings and loads", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
        const ledger = new ActivationLedger();
        const model = new NaiveLedger(() => ledger.mark());
        for (const run of steps) {
          run(ledger, model);
          assertSame(ledger, model);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("restores places, order and records exactly when all is rolled back", () => {
    const changes = fc.array(fc.oneof(put, discard), { maxLength: 40, size: "max" });
    fc.assert(
      fc.property(changes, changes, (earlier, later) => {
        const ledger = new ActivationLedger();
        const model = new NaiveLedger(() => ledger.mark());
        for (const run of earlier) run(ledger, model);
        const mark = ledger.mark();
        const places = placesOf(ledger);
        const order = ledger.contactedUntil(Number.POSITIVE_INFINITY, 99);
        const clients = CMIDS.map((of) => ledger.ofClient(of));
        for (const run of later) run(ledger, model);
        ledger.rollback(mark);
        assert.deepEqual(placesOf(ledger), places);
        assert.deepEqual(ledger.contactedUntil(Number.POSITIVE_INFINITY, 99), order);
        assert.deepEqual(
          CMIDS.map((of) => ledger.ofClient(of)),
          clients,
        );
      }),
      { numRuns: 200 },
    );
  });

  it("keeps every record in its place until it is discarded", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(put, discard), { maxLength: 40, size: "max" }), (steps) => {
        const ledger = new ActivationLedger();
        const model = new NaiveLedger(() => ledger.mark());
        for (const run of steps) {
          const before = placesOf(ledger);
          run(ledger, model);
          for (const [key, place] of placesOf(ledger)) {
            assert.equal(before.get(key) ?? place, place);
          }
        }
      }),
    );
  });
});
