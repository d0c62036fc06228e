import assert from "node:assert/strict";
import { decide, dueForDiscard, freshness } from "../../src/domain/activation.ts";
import type { RequestClaims } from "../../src/domain/claims.ts";
import { ActivationLedger } from "../../src/domain/ledger.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { DAY_MS } from "../../src/domain/units.ts";
import { cmidOf, contact } from "../support/contacts.ts";

const NOW_MS = 1_700_000_000_250;
const WRITER = { id: "writer", name: "Writer", application: "office", threshold: 3 };
const jti = (name: string) => name.padEnd(22, "-");

function request(n: number, given: Partial<RequestClaims> = {}): RequestClaims {
  return {
    sub: cmidOf(n),
    aud: "kms-host",
    product: "writer",
    iat: 100,
    jti: jti("a"),
    device: { hostname: `pc-${n}`, fingerprint: "f".repeat(43), agent: "agent/1" },
    status: "initial-grace",
    remainingMinutes: 1,
    ...given,
  };
}

/** A ledger of CMIDs 1 to `clients`. */
function ledgerOf(clients: number): ActivationLedger {
  const ledger = new ActivationLedger();
  for (let n = 1; n <= clients; n++) ledger.put(contact(n));
  return ledger;
}

describe("freshness of a request", () => {
  const ledger = new ActivationLedger();
  ledger.put(contact(1, { issuedAtSec: 100, jtis: [jti("a"), jti("b")] }));

  it("is given for a CMID never heard of", () => {
    assert.equal(freshness(ledger, request(2)), "fresh");
  });

  it("is given for a later second with a new jti", () => {
    assert.equal(freshness(ledger, request(1, { iat: 101, jti: jti("c") })), "fresh");
  });

  it("is given for another jti of the same second", () => {
    assert.equal(freshness(ledger, request(1, { jti: jti("c") })), "fresh");
  });

  it("is not given for an older second, or a jti that was accepted", () => {
    assert.equal(freshness(ledger, request(1, { iat: 99, jti: jti("c") })), "replayed");
    assert.equal(freshness(ledger, request(1, { jti: jti("b") })), "replayed");
    assert.equal(freshness(ledger, request(1, { iat: 101, jti: jti("a") })), "replayed");
  });

  it("compares the first 22 characters of a jti", () => {
    assert.equal(freshness(ledger, request(1, { jti: `${jti("a")}more` })), "replayed");
  });

  it("ends with eight requests of one second", () => {
    const busy = new ActivationLedger();
    const jtis = ["1", "2", "3", "4", "5", "6", "7"].map(jti);
    busy.put(contact(1, { issuedAtSec: 100, jtis }));
    assert.equal(freshness(busy, request(1, { jti: jti("8") })), "fresh");
    busy.put(contact(1, { issuedAtSec: 100, jtis: [...jtis, jti("8")] }));
    assert.equal(freshness(busy, request(1, { jti: jti("9") })), "too-many-at-once");
    assert.equal(freshness(busy, request(1, { jti: jti("8") })), "replayed");
    assert.equal(freshness(busy, request(1, { iat: 101, jti: jti("9") })), "fresh");
  });
});

describe("the decision on a contact", () => {
  it("counts this contact in, and activates from the threshold on", () => {
    const outcomes = [0, 1, 2, 3].map((clients) => {
      const decision = decide(ledgerOf(clients), DEFAULT_POLICY, WRITER, request(9), NOW_MS);
      return [decision.count, decision.activated];
    });
    assert.deepEqual(outcomes, [
      [1, false],
      [2, false],
      [3, true],
      [4, true],
    ]);
  });

  it("counts a CMID once, however often it comes", () => {
    assert.equal(decide(ledgerOf(3), DEFAULT_POLICY, WRITER, request(1), NOW_MS).count, 3);
  });

  it("counts what came for another product of the application", () => {
    const calc = { ...WRITER, id: "calc" };
    const asked = request(1, { product: "calc" });
    assert.equal(decide(ledgerOf(3), DEFAULT_POLICY, calc, asked, NOW_MS).count, 3);
    const other = { ...calc, application: "tools" };
    assert.equal(decide(ledgerOf(3), DEFAULT_POLICY, other, asked, NOW_MS).count, 1);
  });

  it("changes nothing by itself", () => {
    const ledger = ledgerOf(2);
    decide(ledger, DEFAULT_POLICY, WRITER, request(9), NOW_MS);
    assert.equal(ledger.size, 2);
  });

  it("records what the client said, and the validity interval to the whole second", () => {
    const { record } = decide(ledgerOf(2), DEFAULT_POLICY, WRITER, request(9), NOW_MS);
    assert.deepEqual(record, {
      cmid: cmidOf(9),
      product: "writer",
      application: "office",
      hostname: "pc-9",
      fingerprint: "f".repeat(43),
      agent: "agent/1",
      status: "initial-grace",
      firstContactMs: NOW_MS,
      lastContactMs: NOW_MS,
      leaseExpiresMs: NOW_MS - 250 + 180 * DAY_MS,
      issuedAtSec: 100,
      jtis: [jti("a")],
    });
  });

  it("keeps the first contact and the running lease of a client that is refused", () => {
    const ledger = new ActivationLedger();
    ledger.put(contact(1, { firstContactMs: 5, lastContactMs: 7, leaseExpiresMs: 9000 }));
    const { record } = decide(ledger, DEFAULT_POLICY, WRITER, request(1), NOW_MS);
    assert.equal(record.firstContactMs, 5);
    assert.equal(record.lastContactMs, NOW_MS);
    assert.equal(record.leaseExpiresMs, 9000);
  });

  it("has no lease in the record of a client that was never activated", () => {
    const { record } = decide(ledgerOf(0), DEFAULT_POLICY, WRITER, request(1), NOW_MS);
    assert.equal(record.leaseExpiresMs, 0);
  });

  it("remembers the jtis of the newest second, whichever product they were for", () => {
    const ledger = new ActivationLedger();
    ledger.put(contact(1, { product: "calc", issuedAtSec: 100, jtis: [jti("a")] }));
    const same = request(1, { jti: `${jti("b")}more` });
    const sameSecond = decide(ledger, DEFAULT_POLICY, WRITER, same, NOW_MS);
    assert.deepEqual(sameSecond.record.jtis, [jti("a"), jti("b")]);
    const later = request(1, { iat: 101, jti: jti("b") });
    const nextSecond = decide(ledger, DEFAULT_POLICY, WRITER, later, NOW_MS);
    assert.deepEqual(nextSecond.record.jtis, [jti("b")]);
  });
});

describe("what is due for discard", () => {
  it("is what was not renewed for exactly the retention, oldest first", () => {
    const ledger = new ActivationLedger();
    for (const n of [3, 1, 2]) ledger.put(contact(n, { lastContactMs: n }));
    const retention = DEFAULT_POLICY.cmidRetentionMs;
    const due = (nowMs: number, limit = 10) =>
      dueForDiscard(ledger, DEFAULT_POLICY, nowMs, limit).map(({ cmid }) => cmid);
    assert.deepEqual(due(retention), []);
    assert.deepEqual(due(retention + 1), [cmidOf(1)]);
    assert.deepEqual(due(retention + 2), [cmidOf(1), cmidOf(2)]);
    assert.deepEqual(due(retention + 2, 1), [cmidOf(1)]);
  });
});
