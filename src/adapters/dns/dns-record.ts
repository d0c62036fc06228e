import { isIP } from "node:net";
import { plainName } from "../../domain/dns-names.ts";
import type { DnsRegistration, RivalRecord } from "../../domain/dns-registration.ts";

/** The data of one record, as far as the box reads and writes any. */
export type RecordData =
  | ({ readonly type: "SRV" } & RivalRecord)
  | { readonly type: "A" | "AAAA"; readonly address: string };

/** The SRV data of a registration (RFC 2782). */
export function srvOf({ target, port, priority, weight }: DnsRegistration): RivalRecord {
  return { target: plainName(target), port, priority, weight };
}

export function isSameSrv(a: RivalRecord, b: RivalRecord): boolean {
  return isSameService(a, b) && a.priority === b.priority && a.weight === b.weight;
}

/** Whether both lead to the same program on the same host. */
export function isSameService(a: RivalRecord, b: RivalRecord): boolean {
  return plainName(a.target) === plainName(b.target) && a.port === b.port;
}

/** An address record. @throws {TypeError} no address */
export function addressRecord(text: string): Extract<RecordData, { address: string }> {
  const family = isIP(text);
  if (family === 4) return { type: "A", address: text };
  // An address of one link only, fe80::1%eth0, means nothing elsewhere.
  if (family === 6 && !text.includes("%")) return { type: "AAAA", address: canonicalIpv6(text) };
  throw new TypeError(`${JSON.stringify(text)} is no address that can be published`);
}

/** In the one form of RFC 5952, so that addresses can be compared as text. */
export function canonicalAddress(text: string): string {
  return addressRecord(text).address;
}

function canonicalIpv6(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}
