/**
 * Memory and speed of the ledger: `node --expose-gc --import tsx test/bench/ledger-memory.ts`.
 * Numbers of CMIDs can be given as arguments; with one alone its bytes are the most exact.
 * Fails if a CMID takes more than 300 bytes at a million.
 */
import { createHash } from "node:crypto";
import type { ContactRecord } from "../../src/domain/contact.ts";
import { ActivationLedger } from "../../src/domain/ledger.ts";

const LIMIT_BYTES = 300;
const PUTS = 200_000;

let nowMs = 1_800_000_000_000;

function bytesHeld(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Unlike in a test, every text is new, as it is when it was parsed from a request. */
function recordOf(n: number): ContactRecord {
  const timeMs = nowMs++;
  const digest = createHash("sha256").update(`${n}`).digest();
  const hex = digest.toString("hex");
  return {
    cmid: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    product: "office-suite-2026",
    application: "office",
    hostname: `workplace-${String(n).padStart(5, "0")}`,
    fingerprint: digest.toString("base64url"),
    agent: `kms-client/1.0.${n % 5}`,
    status: "licensed",
    firstContactMs: timeMs,
    lastContactMs: timeMs,
    leaseExpiresMs: timeMs + 1,
    issuedAtSec: Math.floor(timeMs / 1000),
    jtis: [digest.subarray(16).toString("base64url")],
  };
}

function filled(clients: number): ActivationLedger {
  const ledger = new ActivationLedger(12_345);
  let slowestMs = 0;
  for (let n = 0; n < clients; n++) {
    const record = recordOf(n);
    const startMs = performance.now();
    ledger.put(record);
    ledger.settle(ledger.mark());
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
  }
  console.log(`${clients} CMIDs added; the slowest put took ${slowestMs.toFixed(2)} ms`);
  return ledger;
}

/** Renewals by random clients, settled in groups of 64; nanoseconds each. */
function renewNs(ledger: ActivationLedger, clients: number): number {
  let spentMs = 0;
  for (let done = 0; done < PUTS; done += 1000) {
    const records = Array.from({ length: 1000 }, () =>
      recordOf(Math.floor(Math.random() * clients)),
    );
    const startMs = performance.now();
    for (const [i, record] of records.entries()) {
      ledger.put(record);
      if (i % 64 === 63) ledger.settle(ledger.mark());
    }
    spentMs += performance.now() - startMs;
  }
  return (spentMs * 1e6) / PUTS;
}

function* walk(ledger: ActivationLedger): Generator<ContactRecord> {
  for (let place = 0; place < ledger.places; place++) {
    const record = ledger.at(place);
    if (record !== undefined) yield record;
  }
}

function loadMs(records: Iterable<ContactRecord>): number {
  const startMs = performance.now();
  new ActivationLedger(1).load(records);
  return performance.now() - startMs;
}

const sizes = process.argv.slice(2).map(Number);

for (const clients of sizes.length > 0 ? sizes : [1000, 100_000, 1_000_000]) {
  const before = bytesHeld();
  const ledger = filled(clients);
  const bytes = (bytesHeld() - before) / clients;
  renewNs(ledger, clients);
  console.log(
    `${clients} CMIDs: ${bytes.toFixed(1)} bytes each, ${renewNs(ledger, clients).toFixed(0)} ns a put`,
  );
  console.log(`${clients} CMIDs copied to another ledger in ${loadMs(walk(ledger)).toFixed(0)} ms`);
  if (clients === 1_000_000 && bytes > LIMIT_BYTES) process.exitCode = 1;
  if (ledger.clients !== clients) process.exitCode = 1;
}
