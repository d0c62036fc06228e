import { basename, join } from "node:path";
import type { ActivationLedger } from "../../domain/ledger.ts";
import type { StoreNotice } from "../../ports/store.ts";
import { copyDurably } from "./backup.ts";
import { journalNumbers, journalPath, SLOTS, type SnapshotHeader, slotPath } from "./files.ts";
import type { FlashFs } from "./flash-fs.ts";
import { JournalFile } from "./journal-file.ts";
import { type JournalEnd, type KnownSlot, Loader } from "./loader.ts";
import type { Schema } from "./schema.ts";
import { type SnapshotJob, SnapshotWriter } from "./snapshot-writer.ts";
import type { FlashState } from "./state.ts";
import type { FlashTimers } from "./timers.ts";

export interface StateFolderOptions {
  readonly path: string;
  readonly fs: FlashFs;
  readonly timers: FlashTimers;
  readonly schema: Schema;
  readonly newLedger: () => ActivationLedger;
  readonly notify: (notice: StoreNotice) => void;
}

/** The folder's files: which slot is the newer, which journal comes next, which can go. */
export class StateFolder {
  readonly #options: StateFolderOptions;
  readonly #snapshots: SnapshotWriter;
  #newest: KnownSlot | undefined;
  #older: KnownSlot | undefined;
  #generation = 0;
  #end: JournalEnd | undefined;
  #nextNumber = 1;
  /** Whether the last journal can be written on. */
  #open = false;
  #outdated: readonly { readonly path: string; readonly schema: number }[] = [];
  #snapshotBytes = 0;

  constructor(options: StateFolderOptions) {
    this.#options = options;
    this.#snapshots = new SnapshotWriter(options.fs, options.timers);
  }

  /** Size of the newest snapshot; 0 if there is none. */
  get snapshotBytes(): number {
    return this.#snapshotBytes;
  }

  /** Whether what was loaded is of an older schema version. */
  get outdated(): boolean {
    return this.#outdated.length > 0;
  }

  /** Reads everything; null if nothing was ever stored. */
  async load(): Promise<{ state: FlashState; journalBytes: number } | null> {
    const { fs, path, schema, newLedger, notify } = this.#options;
    const loaded = await new Loader(fs, path, schema, newLedger, notify).load();
    const { newest, older, end, lastNumber } = loaded;
    this.#newest = newest;
    this.#older = older;
    this.#generation = newest?.header.generation ?? 0;
    this.#snapshotBytes = loaded.snapshotBytes;
    this.#outdated = loaded.outdated;
    this.#end = end;
    this.#open = end?.number === lastNumber && end.schema === schema.version;
    // A last journal without content was being created; that is done again.
    const next = end?.number === lastNumber ? lastNumber + 1 : lastNumber;
    this.#nextNumber = Math.max(1, newest?.header.journal ?? 1, next);
    return newest === undefined && end === undefined ? null : loaded;
  }

  get path(): string {
    return this.#options.path;
  }

  /** Creates the folder if it is missing. */
  make(): Promise<void> {
    return this.#options.fs.makeFolder(this.path);
  }

  /** Tells whether anything was written to the folder between two calls. */
  async fingerprint(): Promise<string> {
    const { fs, path } = this.#options;
    const names = (await fs.list(path)).filter((name) => name.endsWith(".jsonl")).sort();
    const sizes: string[] = [];
    for (const name of names) {
      const file = await fs.open(join(path, name), "read");
      try {
        sizes.push(`${name} ${await file.size()}`);
      } finally {
        await file.close();
      }
    }
    return sizes.join("\n");
  }

  /** Removes what an interrupted snapshot left. */
  async tidy(): Promise<void> {
    const { fs, path } = this.#options;
    const names = await fs.list(path);
    for (const slot of SLOTS) {
      const temporary = `${slotPath(path, slot)}.tmp`;
      if (names.includes(basename(temporary))) await fs.remove(temporary);
    }
  }

  /** Goes on with the journal that was read last or, where that cannot be, begins the next. */
  async openJournal(): Promise<JournalFile> {
    const end = this.#end;
    if (end === undefined || !this.#open) return this.createJournal();
    this.#open = false;
    const { fs, path } = this.#options;
    return JournalFile.reopen(fs, path, end.number, end.bytes);
  }

  /** Begins the next journal. From then on the one before it is never written again. */
  async createJournal(): Promise<JournalFile> {
    const { fs, path, schema } = this.#options;
    const end = this.#end;
    return JournalFile.create(fs, path, {
      format: "kms-box journal",
      schema: schema.version,
      number: this.#nextNumber,
      ...(end !== undefined && { after: { journal: end.number, bytes: end.bytes } }),
    });
  }

  /** Takes note how much of a journal counts, for the header of the next. */
  endAt(journal: JournalFile): void {
    const { version } = this.#options.schema;
    this.#open = false;
    this.#end = { number: journal.number, schema: version, bytes: journal.durableBytes };
    this.#nextNumber = journal.number + 1;
  }

  /** Replaces the slot that does not hold the newest good state. */
  async writeSnapshot(
    job: Pick<SnapshotJob, "state" | "confirm" | "check"> & { readonly journal: number },
  ): Promise<{ rows: number; bytes: number }> {
    const { path: folder, schema } = this.#options;
    const slot = this.#newest?.slot === "a" ? "b" : "a";
    this.#generation += 1;
    const header: SnapshotHeader = {
      format: "kms-box snapshot",
      schema: schema.version,
      generation: this.#generation,
      journal: job.journal,
    };
    const { state, confirm, check } = job;
    const path = slotPath(folder, slot);
    const written = await this.#snapshots.write({ folder, path, header, state, confirm, check });
    this.#older = this.#newest;
    this.#newest = { slot, header };
    this.#snapshotBytes = written.bytes;
    return written;
  }

  /** Removes the journals that neither slot needs. */
  async dropOldJournals(): Promise<void> {
    const { fs, path } = this.#options;
    const needed = this.#older?.header.journal;
    // Without a second slot, all journals together stand in for it.
    if (needed === undefined) return;
    const numbers = journalNumbers(await fs.list(path)).filter((number) => number < needed);
    for (const number of numbers) await fs.remove(journalPath(path, number));
    if (numbers.length > 0) await fs.syncFolder(path);
  }

  /** Copies the files of older schema versions, once, before anything is written in the new one. */
  async keepOutdated(): Promise<void> {
    const { fs, path: folder, schema, notify } = this.#options;
    const names = await fs.list(folder);
    const kept: string[] = [];
    for (const { path, schema: version } of this.#outdated) {
      const copy = `${path}.v${version}.bak`;
      if (!names.includes(basename(copy))) await copyDurably(fs, path, copy);
      kept.push(copy);
    }
    const from = Math.min(...this.#outdated.map((file) => file.schema));
    this.#outdated = [];
    if (kept.length === 0) return;
    notify({ kind: "migrated", from, to: schema.version, kept: kept.join(", ") });
  }
}
