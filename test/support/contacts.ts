import type { ContactRecord } from "../../src/domain/contact.ts";

/** A well-formed CMID for each number. */
export function cmidOf(n: number): string {
  const mixed = Math.imul(n, 0x9e3779b1) >>> 0;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  return `${hex(mixed, 8)}-0000-8000-8000-${hex(n, 12)}`;
}

/** A contact of the CMID with this number; every member can be given. */
export function contact(n: number, members: Partial<ContactRecord> = {}): ContactRecord {
  return {
    cmid: cmidOf(n),
    product: "writer",
    application: "office",
    hostname: `pc-${n}`,
    fingerprint: `${n}`.padStart(43, "A"),
    agent: "kms-client/1.0",
    status: "licensed",
    firstContactMs: 1,
    lastContactMs: 1,
    leaseExpiresMs: 0,
    issuedAtSec: 1,
    jtis: [`${n}`.padStart(22, "B")],
    ...members,
  };
}
