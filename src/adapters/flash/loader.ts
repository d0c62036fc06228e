import { basename } from "node:path";
import type { ActivationLedger } from "../../domain/ledger.ts";
import { StorageUnreadableError, type StoreNotice } from "../../ports/store.ts";
import {
  journalNumbers,
  journalPath,
  parseJournalHeader,
  parseSnapshotHeader,
  readFirstLine,
  SLOTS,
  type Slot,
  type SnapshotHeader,
  slotPath,
} from "./files.ts";
import type { FlashFs } from "./flash-fs.ts";
import { readJournal } from "./journal-reader.ts";
import type { Schema } from "./schema.ts";
import { DamagedSlotError, readSnapshot } from "./snapshot-reader.ts";
import { type FlashState, StateBuilder } from "./state.ts";

/** More than any journal's first line has. */
const LONGEST_HEADER_BYTES = 1024;

/** A slot with a good header. */
export interface KnownSlot {
  readonly slot: Slot;
  readonly header: SnapshotHeader;
}

/** Where the journals end, for whoever writes on. */
export interface JournalEnd {
  readonly number: number;
  readonly schema: number;
  /** Up to the end of the last good line. */
  readonly bytes: number;
}

export interface Loaded {
  readonly state: FlashState;
  /** The slot that was loaded; undefined if the journals alone tell the state. */
  readonly newest: KnownSlot | undefined;
  /** The other slot. */
  readonly older: KnownSlot | undefined;
  readonly snapshotBytes: number;
  /** In all journals after the snapshot. */
  readonly journalBytes: number;
  /** The journal that holds the last changes; undefined if there is none. */
  readonly end: JournalEnd | undefined;
  /** Highest number of any journal file, be it empty; 0 without any. */
  readonly lastNumber: number;
  /** Files that were read and are of an older schema version, with that version. */
  readonly outdated: readonly { readonly path: string; readonly schema: number }[];
}

/** Reads the state from a folder, changing nothing in it. */
export class Loader {
  readonly #fs: FlashFs;
  readonly #folder: string;
  readonly #schema: Schema;
  readonly #newLedger: () => ActivationLedger;
  readonly #notify: (notice: StoreNotice) => void;

  constructor(
    fs: FlashFs,
    folder: string,
    schema: Schema,
    newLedger: () => ActivationLedger,
    notify: (notice: StoreNotice) => void,
  ) {
    this.#fs = fs;
    this.#folder = folder;
    this.#schema = schema;
    this.#newLedger = newLedger;
    this.#notify = notify;
  }

  /** @throws {StorageUnreadableError} what the files hold is not the whole state, or is too new. */
  async load(): Promise<Loaded> {
    const names = await this.#fs.list(this.#folder);
    const slots = await this.#findSlots(names);
    const journals = await this.#findJournals(names);
    for (const known of slots) {
      const older = slots.find((other) => other !== known && !isNewer(other, known));
      const loaded = await this.#loadFrom(known, older, journals);
      if (loaded !== undefined) return loaded;
    }
    return this.#loadFromJournals(names, journals);
  }

  /** The slots with a good header, newest first. */
  async #findSlots(names: readonly string[]): Promise<KnownSlot[]> {
    const slots: KnownSlot[] = [];
    for (const slot of SLOTS) {
      const path = slotPath(this.#folder, slot);
      if (!names.includes(basename(path))) continue;
      const header = parseSnapshotHeader(await this.#firstLine(path));
      if (header !== undefined) {
        slots.push({ slot, header });
      } else {
        this.#notify({
          kind: "damaged-slot",
          file: path,
          reason: "its first line is not a header",
        });
      }
    }
    return slots.sort((a, b) => (isNewer(a, b) ? -1 : 1));
  }

  /** A slot that cannot be read at all is as good as damaged: the other one is there for that. */
  async #firstLine(path: string): Promise<string | undefined> {
    try {
      return await readFirstLine(this.#fs, path);
    } catch {
      return undefined;
    }
  }

  async #findJournals(names: readonly string[]): Promise<Journals> {
    const numbers = journalNumbers(names);
    const ends = new Map<number, number>();
    for (const number of numbers) {
      const path = journalPath(this.#folder, number);
      const header = parseJournalHeader(await readable(path, readFirstLine(this.#fs, path)));
      if (header?.after !== undefined) ends.set(header.after.journal, header.after.bytes);
    }
    return { numbers, ends };
  }

  async #loadFrom(
    known: KnownSlot,
    older: KnownSlot | undefined,
    journals: Journals,
  ): Promise<Loaded | undefined> {
    const path = slotPath(this.#folder, known.slot);
    const builder = new StateBuilder(this.#newLedger());
    let snapshotBytes: number;
    try {
      const content = await readSnapshot(this.#fs, path, this.#schema, (c) => builder.add(c));
      snapshotBytes = content.bytes;
    } catch (error) {
      if (error instanceof StorageUnreadableError) throw error;
      this.#notify({ kind: "damaged-slot", file: path, reason: reasonOf(error) });
      return undefined;
    }
    this.#notifyMissing(journals, known.header.journal);
    const replayed = await this.#replay(journals, known.header.journal, builder);
    const { schema } = known.header;
    if (schema < this.#schema.version) replayed.outdated.unshift({ path, schema });
    return { ...replayed, state: builder.state, newest: known, older, snapshotBytes };
  }

  async #loadFromJournals(names: readonly string[], journals: Journals): Promise<Loaded> {
    const { numbers } = journals;
    const complete = numbers.every((number, index) => number === index + 1);
    const slots = SLOTS.map((slot) => slotPath(this.#folder, slot));
    const wasUsed = slots.some((path) => names.includes(basename(path)));
    if (!complete || (wasUsed && numbers.length === 0)) {
      throw new StorageUnreadableError(
        `the state in ${this.#folder} cannot be read: ${slots.map((path) => basename(path)).join(" and ")} ` +
          "are damaged or missing, and the journals do not reach back to the beginning. Copy the folder " +
          "away, then restore it from a backup, or empty it to begin anew",
      );
    }
    const builder = new StateBuilder(this.#newLedger());
    const replayed = await this.#replay(journals, 1, builder);
    return {
      ...replayed,
      state: builder.state,
      newest: undefined,
      older: undefined,
      snapshotBytes: 0,
    };
  }

  async #replay(journals: Journals, from: number, builder: StateBuilder): Promise<Replayed> {
    const lastNumber = journals.numbers.at(-1) ?? 0;
    const outdated: { path: string; schema: number }[] = [];
    let end: JournalEnd | undefined;
    let journalBytes = 0;
    for (const number of journals.numbers.filter((n) => n >= from)) {
      const path = journalPath(this.#folder, number);
      const stated = journals.ends.get(number);
      const source = stated === undefined ? { path } : { path, end: stated };
      const reading = readJournal(
        this.#fs,
        source,
        this.#schema,
        (c) => builder.add(c),
        this.#notify,
      );
      const { header, goodBytes, tailBytes } = await readable(path, reading);
      // A journal without one good line was being created when the power failed, if it is no longer
      // than its first line: then nothing in it was ever answered for.
      if (goodBytes === 0 && tailBytes > LONGEST_HEADER_BYTES) {
        throw new StorageUnreadableError(
          `${path} is damaged from its first line to its last. Copy the folder away, then restore ` +
            "it from a backup, or take that file out of it and accept that what it told is lost",
        );
      }
      this.#notifyTail(path, goodBytes, tailBytes, stated);
      if (goodBytes === 0) continue;
      const schema = header?.schema ?? this.#schema.version;
      if (schema < this.#schema.version) outdated.push({ path, schema });
      journalBytes += goodBytes;
      end = { number, schema, bytes: goodBytes };
    }
    return { end, lastNumber, journalBytes, outdated };
  }

  #notifyMissing({ numbers }: Journals, from: number): void {
    const last = Math.max(from, numbers.at(-1) ?? from);
    for (let number = from; number <= last; number++) {
      if (numbers.includes(number)) continue;
      const file = journalPath(this.#folder, number);
      const reason = "the file is missing; what it told is lost";
      this.#notify({ kind: "damaged-journal", file, line: 0, reason });
    }
  }

  /** What the next journal vouches for was durable; without its word the end was being written. */
  #notifyTail(file: string, goodBytes: number, tailBytes: number, stated?: number): void {
    const missing = (stated ?? 0) - goodBytes;
    if (missing > 0) {
      const reason = `its last ${missing} bytes are damaged or missing; what they told is lost`;
      this.#notify({ kind: "damaged-journal", file, line: 0, reason });
    } else if (tailBytes > 0) {
      this.#notify({ kind: "torn-tail", file, bytes: tailBytes });
    }
  }
}

interface Journals {
  /** Of all journal files, ascending. */
  readonly numbers: readonly number[];
  /** How much of a journal counts, where the header of the one after it tells. */
  readonly ends: ReadonlyMap<number, number>;
}

type Replayed = Pick<Loaded, "end" | "lastNumber" | "journalBytes"> & {
  readonly outdated: { path: string; schema: number }[];
};

function isNewer(a: KnownSlot, b: KnownSlot): boolean {
  return a.header.generation > b.header.generation;
}

function reasonOf(error: unknown): string {
  if (error instanceof DamagedSlotError) return error.message;
  return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** A journal that the system fails to read may come back; going on without it would lose what it tells. */
async function readable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StorageUnreadableError) throw error;
    throw new StorageUnreadableError(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}. ` +
        "Check the memory card; if it is failing, restore a backup of the folder on a new one",
      { cause: error },
    );
  }
}
