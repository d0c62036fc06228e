import { isSameName } from "../../domain/dns-names.ts";
import type { DnsRegistration, RivalRecord } from "../../domain/dns-registration.ts";
import {
  addressRecord,
  canonicalAddress,
  isSameService,
  isSameSrv,
  type RecordData,
  srvOf,
} from "./dns-record.ts";
import type { Change, Prerequisite } from "./update-script.ts";

/** What is to be written under one name, and what must still be as it was read for that. */
export interface WritePlan {
  readonly prerequisites: readonly Prerequisite[];
  readonly changes: readonly Change[];
}

/** The SRV records that were read under a registration's name. */
export interface SrvFound {
  readonly records: readonly RivalRecord[];
  readonly ttlSeconds: number | null;
}

/** What this host has, or had, under a registration's name. */
function ownOf(registration: DnsRegistration, former: DnsRegistration | null): RivalRecord[] {
  const wanted = srvOf(registration);
  if (!former || !isSameName(former.name, registration.name)) return [wanted];
  return [wanted, srvOf(former)];
}

/** Records of other hosts: those that lead elsewhere than this host's present and former one. */
export function rivalsOf(
  records: readonly RivalRecord[],
  registration: DnsRegistration,
  former: DnsRegistration | null = null,
): RivalRecord[] {
  const own = ownOf(registration, former);
  return records.filter(
    (record) => isOffered(record) && !own.some((each) => isSameService(each, record)),
  );
}

/** Records that lead to this host as its own does, but with another priority or weight. */
export function duplicatesOf(
  records: readonly RivalRecord[],
  registration: DnsRegistration,
): RivalRecord[] {
  const wanted = srvOf(registration);
  return records.filter((record) => isSameService(record, wanted) && !isSameSrv(record, wanted));
}

/** The root as target says that the service is not there (RFC 2782), and nobody can ask port 0. */
function isOffered({ target, port }: RivalRecord): boolean {
  return target !== "" && port !== 0;
}

/**
 * How this host's SRV record is written. Undefined where it must not be: another host has a record,
 * this one has none, and they are not to coexist.
 */
export function planSrv(
  found: SrvFound,
  registration: DnsRegistration,
  former: DnsRegistration | null,
  coexist: boolean,
): WritePlan | undefined {
  const { name } = registration;
  const own = ownOf(registration, former);
  const rivals = rivalsOf(found.records, registration, former);
  const standing = found.records.some((record) => own.some((each) => isSameService(each, record)));
  if (rivals.length > 0 && !standing && !coexist) return undefined;
  const wanted = srvOf(registration);
  const formerOwn = own.filter((each) => !isSameSrv(each, wanted));
  const outdated = [
    ...formerOwn,
    ...duplicatesOf(found.records, registration).filter(
      (record) => !formerOwn.some((each) => isSameSrv(each, record)),
    ),
  ];
  const changes: Change[] = [
    ...outdated.map((each): Change => ({ change: "delete", name, data: srvData(each) })),
    {
      change: "add",
      name,
      // All records of a name and type share one TTL (RFC 2181 section 5.2), the others' too.
      ttlSeconds:
        rivals.length > 0 ? (found.ttlSeconds ?? registration.ttlSeconds) : registration.ttlSeconds,
      data: srvData(wanted),
    },
  ];
  return {
    changes,
    prerequisites: coexist ? [] : unchanged(name, "SRV", found.records.map(srvData)),
  };
}

/** How this host's SRV record is removed, and others that lead to it likewise; no changes if none is there. */
export function planSrvRemoval(found: SrvFound, registration: DnsRegistration): WritePlan {
  const own = srvOf(registration);
  const there = found.records.filter((record) => isSameService(record, own));
  const { name } = registration;
  const changes = there.map((each): Change => ({ change: "delete", name, data: srvData(each) }));
  return { prerequisites: [], changes };
}

export interface AddressPlan extends WritePlan {
  /** Addresses that another machine has under the name, where none of them is this host's. */
  readonly conflict: readonly string[];
  /** What this host has written of the registration's addresses, this update included. */
  readonly own: readonly string[];
}

/**
 * How the target's addresses are written. Addresses that something else wrote, such as a DHCP server,
 * are left alone; a name that has only others' addresses is another machine's.
 *
 * @param known what this host wrote there before
 */
export function planAddresses(
  found: readonly string[],
  registration: DnsRegistration,
  known: readonly string[],
): AddressPlan {
  const name = registration.target;
  const wanted = registration.addresses.map(canonicalAddress);
  const written = known.map(canonicalAddress);
  const mine = [...wanted, ...written];
  if (wanted.length > 0 && found.length > 0 && !found.some((each) => mine.includes(each))) {
    return { conflict: found, own: [], prerequisites: [], changes: [] };
  }
  const own = wanted.filter((each) => written.includes(each) || !found.includes(each));
  const outdated = written.filter((each) => !wanted.includes(each) && found.includes(each));
  const { ttlSeconds } = registration;
  const changes: Change[] = [
    ...outdated.map((each): Change => ({ change: "delete", name, data: addressRecord(each) })),
    ...own.map((each): Change => ({ change: "add", name, ttlSeconds, data: addressRecord(each) })),
  ];
  return { conflict: [], own, changes, prerequisites: addressesUnchanged(name, found) };
}

function addressesUnchanged(name: string, found: readonly string[]): Prerequisite[] {
  const records = found.map(addressRecord);
  return (["A", "AAAA"] as const).flatMap((type) =>
    unchanged(
      name,
      type,
      records.filter((record) => record.type === type),
    ),
  );
}

/** How exactly these addresses of a name are removed. */
export function planAddressRemoval(
  found: readonly string[],
  name: string,
  addresses: readonly string[],
): WritePlan {
  const there = addresses.map(canonicalAddress).filter((each) => found.includes(each));
  const changes = there.map(
    (each): Change => ({ change: "delete", name, data: addressRecord(each) }),
  );
  return { prerequisites: [], changes };
}

function unchanged(
  name: string,
  type: RecordData["type"],
  records: readonly RecordData[],
): Prerequisite[] {
  return [
    records.length === 0 ? { need: "absent", name, type } : { need: "exactly", name, records },
  ];
}

function srvData(record: RivalRecord): RecordData {
  return { type: "SRV", ...record };
}
