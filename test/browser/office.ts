import { createHash } from "node:crypto";
import { FlashStore } from "../../src/adapters/flash/flash-store.ts";
import { cmidFromDigest } from "../../src/domain/cmid.ts";
import type { ContactRecord } from "../../src/domain/contact.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../src/domain/units.ts";

const ROOMS = ["DESIGN", "SALES", "LAB"];
const VALIDITY_DAYS = 180;
/** Machines that have not come for a while: three were sold, one is on leave. */
const ABSENT_DAYS = new Map([
  [4, 25],
  [9, 24],
  [17, 22],
  [23, 12],
]);

/** Puts an office of so many machines into a state folder: most of them keep their rhythm. */
export async function settleOffice(folder: string, machines: number, nowMs: number): Promise<void> {
  const store = await FlashStore.open({ folder });
  const records = Array.from({ length: machines }, (_, index) => machine(index, nowMs));
  await store.commit(records.map((record) => ({ op: "put", record })));
  await store.close();
}

function machine(index: number, nowMs: number): ContactRecord {
  const digest = createHash("sha256").update(`machine ${index}`).digest();
  const agoMs = (ABSENT_DAYS.get(index) ?? index % 7) * DAY_MS + ((index * 5) % 24) * HOUR_MS;
  const contactMs = nowMs - agoMs;
  const room = ROOMS[index % ROOMS.length] ?? "";
  return {
    cmid: cmidFromDigest(digest),
    product: "demo-office",
    application: "demo",
    hostname: `${room}-${String(index + 1).padStart(2, "0")}.office.example`,
    fingerprint: digest.toString("base64url"),
    agent: "kms-client/0.1.0",
    status: "licensed",
    firstContactMs: contactMs - 60 * DAY_MS,
    lastContactMs: contactMs,
    leaseExpiresMs: contactMs + VALIDITY_DAYS * DAY_MS,
    issuedAtSec: Math.floor(contactMs / SECOND_MS),
    jtis: [digest.toString("base64url").slice(0, 22)],
  };
}
