import type { ContactKey, ContactRecord } from "./contact.ts";

/**
 * The activation ledger: every CMID's contacts, the activation count of every application in O(1),
 * and the order in which records fall due to be discarded. Knows nothing of clocks, files or keys.
 *
 * Changes go into an undo log until they are settled, so that what could not be stored can be taken
 * back exactly.
 */
export class ActivationLedger {
  /** Records held: pairs of CMID and product. */
  get size(): number {
    throw new Error("not implemented");
  }

  /** Distinct CMIDs held, over all applications. */
  get clients(): number {
    throw new Error("not implemented");
  }

  /** Activation count: distinct CMIDs with at least one record under the application. O(1). */
  count(_application: string): number {
    throw new Error("not implemented");
  }

  /** What `count` would be once this CMID has contacted for the application. O(products of the CMID). */
  countWith(_application: string, _cmid: string): number {
    throw new Error("not implemented");
  }

  get(_cmid: string, _product: string): ContactRecord | undefined {
    throw new Error("not implemented");
  }

  /** All records of one CMID; empty if it is not known. */
  ofClient(_cmid: string): ContactRecord[] {
    throw new Error("not implemented");
  }

  /** The CMID's last accepted request, for refusing replays. */
  lastRequest(_cmid: string): { issuedAtSec: number; jtis: readonly string[] } | undefined {
    throw new Error("not implemented");
  }

  /**
   * Adds the record or replaces the one with the same key. Client-wide members (host name,
   * fingerprint, agent, `issuedAtSec`, `jtis`) take effect for all records of the CMID.
   */
  put(_record: ContactRecord): void {
    throw new Error("not implemented");
  }

  /** Removes a record and returns it; undefined if there is none. */
  discard(_cmid: string, _product: string): ContactRecord | undefined {
    throw new Error("not implemented");
  }

  /** Keys of up to `limit` records last heard of at `untilMs` or before, oldest first. O(limit). */
  contactedUntil(_untilMs: number, _limit: number): ContactKey[] {
    throw new Error("not implemented");
  }

  /** `lastContactMs` of the record that will be discarded next. O(1). */
  get oldestContactMs(): number | undefined {
    throw new Error("not implemented");
  }

  /** Adds records in any order, in O(n log n) for all of them; nothing of it can be rolled back. */
  load(_records: Iterable<ContactRecord | { discard: ContactKey }>): void {
    throw new Error("not implemented");
  }

  /** Position in the undo log after the last change; grows monotonically. */
  mark(): number {
    throw new Error("not implemented");
  }

  /** Forgets how to undo everything up to the mark. */
  settle(_mark: number): void {
    throw new Error("not implemented");
  }

  /** Undoes, last first, every change after the mark. The mark must not be settled past. */
  rollback(_mark: number): void {
    throw new Error("not implemented");
  }

  /** Number of places for records; a record keeps its place until it is discarded. */
  get places(): number {
    throw new Error("not implemented");
  }

  /** The record at a place, so that a long walk can pause between calls while changes go on. */
  at(_place: number): ContactRecord | undefined {
    throw new Error("not implemented");
  }
}
