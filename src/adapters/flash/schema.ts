import { type Json, type StateChange, StorageUnreadableError } from "../../ports/store.ts";
import { fromRow, type Row } from "./rows.ts";

/** Rewrites one row of one schema version as rows of the next; none drops it. */
export type Migration = (row: Row) => readonly Row[];

/** From version 1 on: the first entry leads from 1 to 2. */
export const MIGRATIONS: readonly Migration[] = [];

/**
 * The versions of the rows that this program reads. It writes the newest. Every file states its own
 * version in its header, so files of several versions may stand side by side after an update.
 */
export class Schema {
  readonly #migrations: readonly Migration[];

  constructor(migrations: readonly Migration[]) {
    this.#migrations = migrations;
  }

  /** The version that is written. */
  get version(): number {
    return this.#migrations.length + 1;
  }

  /** @throws {StorageUnreadableError} the file is of a version that this program does not know. */
  check(version: number, path: string): void {
    if (version <= this.version) return;
    throw new StorageUnreadableError(
      `${path} was written by a newer version of this program (schema ${version}, known up to ` +
        `${this.version}): install that version again, or restore a backup of the folder`,
    );
  }

  /** The changes that one line's JSON tells; undefined if it is not a line of that version. */
  decode(json: string, version: number): StateChange[] | undefined {
    const value = parseJson(json);
    if (!Array.isArray(value)) return undefined;
    let rows = value as readonly Row[];
    for (const migrate of this.#migrations.slice(version - 1)) rows = rows.flatMap(migrate);
    const changes: StateChange[] = [];
    for (const row of rows) {
      const change = Array.isArray(row) ? fromRow(row) : undefined;
      if (change === undefined) return undefined;
      changes.push(change);
    }
    return changes;
  }
}

/** The value, or undefined if the text is not JSON. */
export function parseJson(json: string): Json | undefined {
  try {
    return JSON.parse(json) as Json;
  } catch {
    return undefined;
  }
}
