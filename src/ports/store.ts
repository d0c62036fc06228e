import type { ContactKey, ContactRecord } from "../domain/contact.ts";
import { KmsError } from "../domain/errors.ts";
import type { ActivationLedger } from "../domain/ledger.ts";

/** A value that JSON can hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** One change of the state. Each is absolute: applying it twice is the same as applying it once. */
export type StateChange =
  | { readonly op: "put"; readonly record: ContactRecord }
  | ({ readonly op: "discard" } & ContactKey)
  /** Small named values: licences, settings. `null` removes one. */
  | { readonly op: "document"; readonly name: string; readonly value: Json }
  /**
   * Raises the time high-water mark; a lower value than the mark is ignored, unless it `lowers` it,
   * which only the administrator may.
   */
  | { readonly op: "time"; readonly timeMs: number; readonly lowers?: boolean };

export type StoreCondition =
  | { readonly state: "open" }
  /** Nothing is accepted; the store tries to recover by itself. `reason` is for a person. */
  | { readonly state: "failed"; readonly reason: string; readonly code: string };

/** Something noticed while the state was read or kept that an administrator should know of. */
export type StoreNotice =
  | { readonly kind: "torn-tail"; readonly file: string; readonly bytes: number }
  | { readonly kind: "damaged-slot"; readonly file: string; readonly reason: string }
  | {
      readonly kind: "damaged-journal";
      readonly file: string;
      readonly line: number;
      readonly reason: string;
    }
  | { readonly kind: "migrated"; readonly from: number; readonly to: number; readonly kept: string }
  | { readonly kind: "failed"; readonly code: string; readonly reason: string }
  | { readonly kind: "recovered"; readonly afterMs: number }
  | {
      readonly kind: "compacted";
      readonly records: number;
      readonly bytes: number;
      readonly tookMs: number;
    };

/**
 * The host's whole state, in memory for reading and on flash for good.
 *
 * Changes are visible in `ledger` and `documents` as soon as `commit` is called and are undone again,
 * in reverse order, if they could not be made durable.
 */
export interface CmidStore {
  readonly ledger: ActivationLedger;
  readonly documents: ReadonlyMap<string, Json>;
  /** The latest time known to have been reached, from flash. */
  readonly timeMarkMs: number;
  readonly condition: StoreCondition;
  /** Written since the newest snapshot; absent where a store keeps no journal. */
  readonly journalBytes?: number;
  /** What was noticed since the store was created; new notices go to the listener too. */
  onNotice(listener: (notice: StoreNotice) => void): void;
  /**
   * Applies the changes at once, together or not at all, and resolves when they are on flash (fsync).
   * Commits become durable in the order of the calls; one without changes writes nothing, and resolves
   * when those before it are done.
   *
   * @throws {StorageFailedError} nothing of these changes is kept, in memory or on flash.
   */
  commit(changes: readonly StateChange[]): Promise<void>;
  /**
   * Tells the whole state as changes of an empty one, beside the work that goes on: put together in
   * their order they are the state of the moment in which the last ones were told, and all of it is
   * on flash. Also told while nothing can be stored.
   *
   * @returns what that state holds
   * @throws {StorageFailedError} what was told may have been taken back meanwhile: ask again
   */
  snapshot(): AsyncGenerator<readonly StateChange[], StateSize>;
  /** Waits for everything committed, then releases the files and the folder. */
  close(): Promise<void>;
}

/** How much a state holds. */
export interface StateSize {
  /** Pairs of CMID and product. */
  readonly records: number;
  /** Distinct CMIDs. */
  readonly clients: number;
}

/** The state could not be made durable. Nothing was changed. */
export class StorageFailedError extends KmsError {
  readonly code = "storage-failed";
}

/** Another process holds the state folder. */
export class StorageLockedError extends KmsError {
  readonly code = "storage-locked";
}

/** Both snapshots are unreadable, or the state was written by a newer version. */
export class StorageUnreadableError extends KmsError {
  readonly code = "storage-unreadable";
}
