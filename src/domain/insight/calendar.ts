import type { ContactRecord } from "../contact.ts";
import type { ActivationLedger } from "../ledger.ts";
import type { Policy } from "../policy.ts";
import { Earliest } from "./earliest.ts";
import { isOverdue } from "./overdue.ts";

/** Machines that are told; those beyond are counted. */
const MOST_TOLD = 10_000;
/** Discarded machines that are remembered to the end of their activation. */
const MOST_ABSENT = 500;
const STEP = 256;

/** A discarded machine that is still activated. */
export type Absentee = Pick<
  ContactRecord,
  "cmid" | "hostname" | "product" | "lastContactMs" | "leaseExpiresMs"
>;

/** An activated machine that has not come back. */
export interface Lapse extends Absentee {
  /** Whether it still counts; false once it is discarded. */
  readonly counts: boolean;
}

export interface Calendar {
  /** The first to lapse first. */
  readonly lapses: readonly Lapse[];
  /** Also of those that are not told. */
  readonly total: number;
}

/**
 * The absentees after some more were discarded. An activation lasts as long as its lease, also where the
 * machine came back meanwhile and was refused. Of too many the first to lapse are forgotten.
 */
export function withAbsent(
  absentees: readonly Absentee[],
  discarded: readonly ContactRecord[],
  nowMs: number,
): Absentee[] {
  const all = byKey(absentees);
  for (const record of discarded) {
    const beforeMs = all.get(keyOf(record))?.leaseExpiresMs ?? 0;
    const leaseExpiresMs = Math.max(record.leaseExpiresMs, beforeMs);
    all.set(keyOf(record), { ...absenteeOf(record), leaseExpiresMs });
  }
  return [...all.values()]
    .filter(({ leaseExpiresMs }) => leaseExpiresMs > nowMs)
    .toSorted((a, b) => a.leaseExpiresMs - b.leaseExpiresMs)
    .slice(-MOST_ABSENT);
}

/** Those of them that have not come back. */
export function stillAbsent(
  absentees: readonly Absentee[],
  ledger: ActivationLedger,
  nowMs: number,
): Absentee[] {
  return absentees.filter(
    ({ cmid, product, leaseExpiresMs }) =>
      leaseExpiresMs > nowMs && ledger.get(cmid, product) === undefined,
  );
}

/** The activated machines that are overdue or discarded. Yields every now and then. */
export function* calendar(
  ledger: ActivationLedger,
  absentees: readonly Absentee[],
  policy: Policy,
  nowMs: number,
): Generator<void, Calendar> {
  const lapses = new Earliest<Lapse>(MOST_TOLD);
  const absent = byKey(absentees);
  for (const absentee of stillAbsent(absentees, ledger, nowMs)) {
    lapses.add(absentee.leaseExpiresMs, () => ({ ...absentee, counts: false }));
  }
  for (let place = 0; place < ledger.places; place++) {
    if (place % STEP === STEP - 1) yield;
    const contactMs = ledger.contactMsAt(place);
    if (contactMs === undefined || !isOverdue(contactMs, policy, nowMs)) continue;
    const record = ledger.at(place);
    if (!record) continue;
    const absentMs = absent.get(keyOf(record))?.leaseExpiresMs ?? 0;
    const leaseExpiresMs = Math.max(record.leaseExpiresMs, absentMs);
    if (leaseExpiresMs <= nowMs) continue;
    const counts = record.lastContactMs + policy.cmidRetentionMs > nowMs;
    lapses.add(leaseExpiresMs, () => ({ ...absenteeOf(record), leaseExpiresMs, counts }));
  }
  return { lapses: lapses.values, total: lapses.total };
}

function absenteeOf(record: ContactRecord): Absentee {
  const { cmid, hostname, product, lastContactMs, leaseExpiresMs } = record;
  return { cmid, hostname, product, lastContactMs, leaseExpiresMs };
}

function byKey(absentees: readonly Absentee[]): Map<string, Absentee> {
  return new Map(absentees.map((absentee) => [keyOf(absentee), absentee]));
}

function keyOf({ cmid, product }: Pick<ContactRecord, "cmid" | "product">): string {
  return `${cmid} ${product}`;
}
