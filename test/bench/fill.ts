import { randomBytes } from "node:crypto";
import { FlashStore } from "../../src/adapters/flash/flash-store.ts";
import { cmidFromDigest } from "../../src/domain/cmid.ts";
import type { ContactRecord } from "../../src/domain/contact.ts";
import type { StateChange } from "../../src/ports/store.ts";

/** Records in one commit while filling. */
const STEP = 50;
/** The first records are this old, so that none falls due while it is measured. */
const OLDEST_MS = 20 * 86_400_000;

/**
 * Puts so many clients into a state folder, each contacted a while ago, in the order of time, and
 * leaves it as it is after the state was written anew.
 */
export async function fillFolder(folder: string, clients: number): Promise<void> {
  const store = await FlashStore.open({ folder });
  const firstMs = Date.now() - OLDEST_MS;
  const gapMs = OLDEST_MS / 2 / clients;
  let waiting: Promise<void>[] = [];
  for (let i = store.ledger.clients; i < clients; i += STEP) {
    const changes: StateChange[] = [];
    for (let j = i; j < Math.min(i + STEP, clients); j++) {
      changes.push({ op: "put", record: syntheticRecord(j, Math.floor(firstMs + j * gapMs)) });
    }
    waiting.push(store.commit(changes));
    if (waiting.length >= 64) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
  await store.compact();
  await store.close();
}

export function syntheticRecord(index: number, contactMs: number): ContactRecord {
  return {
    cmid: cmidFromDigest(randomBytes(32)),
    product: "demo-office",
    application: "demo",
    hostname: `PC-${String(index).padStart(7, "0")}.office.test`,
    fingerprint: randomBytes(32).toString("base64url"),
    agent: "kms-client/0.1.0",
    status: "licensed",
    firstContactMs: contactMs,
    lastContactMs: contactMs,
    leaseExpiresMs: contactMs + 180 * 86_400_000,
    issuedAtSec: Math.floor(contactMs / 1000),
    jtis: [randomBytes(16).toString("base64url")],
  };
}
