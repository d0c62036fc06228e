import type { ContactKey, ContactRecord } from "./contact.ts";
import { ClientTable } from "./ledger/client-table.ts";
import { DiscardOrder } from "./ledger/discard-order.ts";
import { type Presence, presenceAt } from "./ledger/presence.ts";
import { RecordTable } from "./ledger/record-table.ts";
import { NONE } from "./ledger/rows.ts";
import { type Undo, UndoLog } from "./ledger/undo-log.ts";

/** What a machine calls itself, and when it did so last. */
export interface SeenDevice {
  readonly hostname: string;
  readonly fingerprint: string;
  readonly lastContactMs: number;
}

/** Chooses the place that a record follows in the discard order. */
type Seat = (lastContactMs: number) => number;

/**
 * The activation ledger: every CMID's contacts, the activation count of every application in O(1),
 * and the order in which records fall due to be discarded. Knows nothing of clocks, files or keys.
 *
 * Changes go into an undo log until they are settled, so that what could not be stored can be taken
 * back exactly. Who never needs that settles now and then all the same: the log grows until then.
 *
 * Returned records are copies. Memory is about 200 bytes for a CMID with one product.
 */
export class ActivationLedger {
  readonly #clients: ClientTable;
  readonly #records = new RecordTable();
  readonly #order = new DiscardOrder(this.#records);
  readonly #counts = new Map<string, number>();
  readonly #undo = new UndoLog();
  readonly #byTime: Seat = (lastContactMs) => this.#order.seat(lastContactMs);
  readonly #atEnd: Seat = () => this.#order.last;

  /** @param seed any 32 bits; a secret one keeps clients from choosing CMIDs that collide */
  constructor(seed = 0) {
    this.#clients = new ClientTable(seed);
  }

  /** Records held: pairs of CMID and product. */
  get size(): number {
    return this.#records.size;
  }

  /** Distinct CMIDs held, over all applications. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Activation count: distinct CMIDs with at least one record under the application. O(1). */
  count(application: string): number {
    return this.#counts.get(application) ?? 0;
  }

  /** What `count` would be once this CMID has contacted for the application. O(products of the CMID). */
  countWith(application: string, cmid: string): number {
    const client = this.#clients.find(cmid);
    const counted = client !== undefined && this.#countsFor(client, application);
    return this.count(application) + (counted ? 0 : 1);
  }

  get(cmid: string, product: string): ContactRecord | undefined {
    const place = this.#find(cmid, product);
    return place === NONE ? undefined : this.#record(place, cmid);
  }

  /** All records of one CMID; empty if it is not known. */
  ofClient(cmid: string): ContactRecord[] {
    const client = this.#clients.find(cmid);
    return client === undefined
      ? []
      : [...this.#places(client)].map((at) => this.#record(at, cmid));
  }

  /** The CMID's last accepted request, for refusing replays. */
  lastRequest(cmid: string): { issuedAtSec: number; jtis: readonly string[] } | undefined {
    const client = this.#clients.find(cmid);
    if (client === undefined) return undefined;
    return { issuedAtSec: this.#clients.issuedAtSec(client), jtis: this.#clients.jtis(client) };
  }

  /**
   * Adds the record or replaces the one with the same key. Client-wide members (host name,
   * fingerprint, agent, `issuedAtSec`, `jtis`) take effect for all records of the CMID.
   *
   * @throws {RangeError} the CMID is not a lower-case UUID; nothing is changed.
   */
  put(record: ContactRecord): void {
    const client = this.#clients.find(record.cmid);
    const place = client === undefined ? NONE : this.#placeOf(client, record.product);
    if (place === NONE) {
      const wide = client === undefined ? undefined : this.#clients.wide(client);
      this.#undo.push({ kind: "added", place: this.#add(client, record, this.#byTime), wide });
    } else {
      const before = this.#record(place, record.cmid, record);
      this.#undo.push({
        kind: "replaced",
        record: before,
        after: this.#replace(place, record, this.#byTime),
      });
    }
  }

  /** Removes a record and returns it; undefined if there is none. */
  discard(cmid: string, product: string): ContactRecord | undefined {
    const place = this.#find(cmid, product);
    if (place === NONE) return undefined;
    const record = this.#record(place, cmid);
    this.#undo.push({ kind: "discarded", record, after: this.#remove(place) });
    return record;
  }

  /** Keys of up to `limit` records last heard of at `untilMs` or before, oldest first. O(limit). */
  contactedUntil(untilMs: number, limit: number): ContactKey[] {
    const keys: ContactKey[] = [];
    for (let place = this.#order.first; place !== NONE; place = this.#records.next(place)) {
      if (keys.length >= limit || this.#records.lastContactMs(place) > untilMs) break;
      const cmid = this.#clients.cmid(this.#records.client(place));
      keys.push({ cmid, product: this.#records.product(place) });
    }
    return keys;
  }

  /** `lastContactMs` of the record that will be discarded next. O(1). */
  get oldestContactMs(): number | undefined {
    const place = this.#order.first;
    return place === NONE ? undefined : this.#records.lastContactMs(place);
  }

  /** The record last heard of. O(1). */
  get newestContact(): ContactRecord | undefined {
    return this.#order.last === NONE ? undefined : this.at(this.#order.last);
  }

  /**
   * Adds records in any order, in O(n log n) for all of them; nothing of it, or of what went before,
   * can be rolled back.
   */
  load(records: Iterable<ContactRecord | { discard: ContactKey }>): void {
    try {
      for (const entry of records) {
        if ("discard" in entry) {
          const place = this.#find(entry.discard.cmid, entry.discard.product);
          if (place !== NONE) this.#remove(place);
          continue;
        }
        const client = this.#clients.find(entry.cmid);
        const place = client === undefined ? NONE : this.#placeOf(client, entry.product);
        if (place === NONE) this.#add(client, entry, this.#atEnd);
        else this.#replace(place, entry, this.#atEnd);
      }
    } finally {
      this.#order.sort();
      this.settle(this.mark());
    }
  }

  /** Position in the undo log after the last change; grows monotonically. */
  mark(): number {
    return this.#undo.position;
  }

  /** Forgets how to undo everything up to the mark. */
  settle(mark: number): void {
    this.#undo.settle(mark);
  }

  /**
   * Undoes, last first, every change after the mark.
   *
   * @throws {RangeError} the mark is settled past; nothing is changed.
   */
  rollback(mark: number): void {
    for (const undo of this.#undo.takeBack(mark)) this.#takeBack(undo);
  }

  /** Number of places for records; a record keeps its place until it is discarded. */
  get places(): number {
    return this.#records.places;
  }

  /** The record at a place, so that a long walk can pause between calls while changes go on. */
  at(place: number): ContactRecord | undefined {
    if (!this.#records.holds(place)) return undefined;
    return this.#record(place, this.#clients.cmid(this.#records.client(place)));
  }

  /** The presence that the record at a place stands for, if any; far cheaper than the record. */
  presence(place: number): Presence | undefined {
    if (!this.#records.holds(place)) return undefined;
    return presenceAt(this.#clients, this.#records, place);
  }

  /** When the record at a place was last heard of. */
  contactMsAt(place: number): number | undefined {
    return this.#records.holds(place) ? this.#records.lastContactMs(place) : undefined;
  }

  /** A CMID's host name, at the place of one of its records only; far cheaper than the record. */
  hostnameAt(place: number): string | undefined {
    if (!this.#records.holds(place)) return undefined;
    const client = this.#records.client(place);
    return this.#clients.firstRecord(client) === place ? this.#clients.hostname(client) : undefined;
  }

  /** The device that last asked under the CMID, and when it did. */
  device(cmid: string): SeenDevice | undefined {
    const client = this.#clients.find(cmid);
    if (client === undefined) return undefined;
    const contacts = [...this.#places(client)].map((at) => this.#records.lastContactMs(at));
    return { ...this.#clients.device(client), lastContactMs: Math.max(...contacts) };
  }

  #takeBack(undo: Undo): void {
    if (undo.kind === "discarded") {
      this.#add(this.#clients.find(undo.record.cmid), undo.record, () => undo.after);
    } else if (undo.kind === "replaced") {
      const place = this.#find(undo.record.cmid, undo.record.product);
      this.#replace(place, undo.record, () => undo.after);
    } else {
      const client = this.#records.client(undo.place);
      this.#remove(undo.place);
      if (undo.wide !== undefined) this.#clients.setWide(client, undo.wide);
    }
  }

  #add(known: number | undefined, record: ContactRecord, seat: Seat): number {
    const client = known ?? this.#clients.add(record.cmid);
    this.#clients.setWide(client, record);
    if (!this.#countsFor(client, record.application)) this.#recount(record.application, 1);
    const place = this.#records.add(client, record);
    this.#order.link(place, seat(record.lastContactMs));
    this.#joinClient(client, place);
    return place;
  }

  /** Returns the place that the record followed in the discard order before. */
  #replace(place: number, record: ContactRecord, seat: Seat): number {
    const client = this.#records.client(place);
    const application = this.#records.application(place);
    this.#clients.setWide(client, record);
    const moves = application !== record.application;
    if (moves && !this.#countsFor(client, record.application)) this.#recount(record.application, 1);
    const after = this.#order.unlink(place);
    this.#records.set(place, record);
    this.#order.link(place, seat(record.lastContactMs));
    if (moves && !this.#countsFor(client, application)) this.#recount(application, -1);
    return after;
  }

  /** Returns the place that the record followed in the discard order. */
  #remove(place: number): number {
    const client = this.#records.client(place);
    const application = this.#records.application(place);
    const after = this.#order.unlink(place);
    this.#leaveClient(client, place);
    this.#records.remove(place);
    if (!this.#countsFor(client, application)) this.#recount(application, -1);
    if (this.#clients.firstRecord(client) === NONE) this.#clients.remove(client);
    return after;
  }

  #find(cmid: string, product: string): number {
    const client = this.#clients.find(cmid);
    return client === undefined ? NONE : this.#placeOf(client, product);
  }

  #placeOf(client: number, product: string): number {
    let place = this.#clients.firstRecord(client);
    while (place !== NONE && this.#records.product(place) !== product) {
      place = this.#records.sibling(place);
    }
    return place;
  }

  *#places(client: number): Generator<number> {
    let place = this.#clients.firstRecord(client);
    for (; place !== NONE; place = this.#records.sibling(place)) yield place;
  }

  #countsFor(client: number, application: string): boolean {
    let place = this.#clients.firstRecord(client);
    while (place !== NONE && this.#records.application(place) !== application) {
      place = this.#records.sibling(place);
    }
    return place !== NONE;
  }

  #recount(application: string, by: 1 | -1): void {
    const count = this.count(application) + by;
    if (count === 0) this.#counts.delete(application);
    else this.#counts.set(application, count);
  }

  /** A client's records are chained in order of place, which a rollback restores by itself. */
  #joinClient(client: number, place: number): void {
    const before = this.#siblingBefore(client, place);
    if (before === NONE) {
      this.#records.setSibling(place, this.#clients.firstRecord(client));
      this.#clients.setFirstRecord(client, place);
    } else {
      this.#records.setSibling(place, this.#records.sibling(before));
      this.#records.setSibling(before, place);
    }
  }

  #leaveClient(client: number, place: number): void {
    const before = this.#siblingBefore(client, place);
    const next = this.#records.sibling(place);
    if (before === NONE) this.#clients.setFirstRecord(client, next);
    else this.#records.setSibling(before, next);
  }

  #siblingBefore(client: number, place: number): number {
    let before = NONE;
    let at = this.#clients.firstRecord(client);
    while (at !== NONE && at < place) {
      before = at;
      at = this.#records.sibling(at);
    }
    return before;
  }

  #record(place: number, cmid: string, like?: ContactRecord): ContactRecord {
    const wide = this.#clients.wide(this.#records.client(place), like);
    const own = this.#records.members(place);
    // Spelt out because spreading two objects into a third takes longer than all that goes before.
    return {
      cmid,
      product: own.product,
      application: own.application,
      hostname: wide.hostname,
      fingerprint: wide.fingerprint,
      agent: wide.agent,
      status: own.status,
      firstContactMs: own.firstContactMs,
      lastContactMs: own.lastContactMs,
      leaseExpiresMs: own.leaseExpiresMs,
      issuedAtSec: wide.issuedAtSec,
      jtis: wide.jtis,
    };
  }
}
