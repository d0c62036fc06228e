import type { Adapter } from "lowdb";
import { StorageFailedError, type StoreCondition, type StoreNotice } from "../../ports/store.ts";
import { errnoOf, reasonFor, wasRefused } from "./failures.ts";
import type { JournalFile } from "./journal-file.ts";
import { JournalWriter, type PendingLine } from "./journal-writer.ts";
import type { FlashState } from "./state.ts";
import type { StateFolder } from "./state-folder.ts";
import type { FlashTimers } from "./timers.ts";

export interface JournaledAdapterOptions {
  readonly folder: StateFolder;
  readonly timers: FlashTimers;
  readonly groupCommitMs: number;
  readonly compactAtBytes: number;
  /** Makes sure that no other process writes to the folder; rejects while that is not so. */
  readonly guard: () => Promise<void>;
  readonly notify: (notice: StoreNotice) => void;
  /** Storing failed: all that is not durable must be taken back, now. */
  readonly onFault: () => void;
  /** The journal has grown so long that the state should be written anew. */
  readonly onDue: () => void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/**
 * The lowdb adapter that survives power cuts: `read` loads a snapshot and replays the journals,
 * `write` makes a new snapshot, and `append`, which lowdb lacks, makes single changes durable.
 *
 * After a fault it accepts nothing and tries by itself to get on a sound footing again: a new journal
 * and, if what stands on flash is in doubt, a new snapshot.
 */
export class JournaledAdapter implements Adapter<FlashState> {
  readonly #options: JournaledAdapterOptions;
  readonly #journals: JournalWriter;
  #condition: StoreCondition = { state: "failed", reason: "not open", code: "EBADF" };
  #state: FlashState | undefined;
  #compaction: Promise<void> | undefined;
  #recovery: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #broken: JournalFile | undefined;
  #inDoubt = false;
  #failedAtMs = 0;
  #journalBytes = 0;
  #dueAtBytes = Number.POSITIVE_INFINITY;
  #closing = false;

  constructor(options: JournaledAdapterOptions) {
    const { timers, groupCommitMs } = options;
    this.#options = options;
    this.#journals = new JournalWriter({
      groupCommitMs,
      timers,
      onFault: (error, journal) => this.#onFault(error, journal),
      onWritten: (bytes) => this.#onWritten(bytes),
    });
  }

  get condition(): StoreCondition {
    return this.#condition;
  }

  /** In the journals after the newest snapshot. */
  get journalBytes(): number {
    return this.#journalBytes;
  }

  async read(): Promise<FlashState | null> {
    const loaded = await this.#options.folder.load();
    this.#journalBytes = loaded?.journalBytes ?? 0;
    return loaded?.state ?? null;
  }

  /** Begins to accept lines. If flash cannot be written, the condition is `failed` for the time being. */
  async begin(state: FlashState): Promise<void> {
    this.#state = state;
    const { folder } = this.#options;
    const migrates = folder.outdated;
    try {
      this.#start(await this.#prepared(() => folder.openJournal()));
    } catch (error) {
      this.#inDoubt = !wasRefused(error);
      this.#fail(error);
      return;
    }
    // Done before anything else, so that an update is complete when it says so.
    if (migrates) await this.write(state).catch(() => undefined);
    this.#onWritten(0);
  }

  /** Must be called only in condition `open`. */
  append(line: PendingLine): void {
    this.#journals.push(line);
  }

  /** Resolves when all lines are durable or have failed. */
  idle(): Promise<void> {
    return this.#journals.idle();
  }

  /** Writes a snapshot while lines go on being appended. Rejects if that was not possible. */
  write(state: FlashState): Promise<void> {
    this.#compaction ??= this.#compact(state)
      .catch((error: unknown) => {
        // A fault of the journal gave notice of itself.
        if (this.#condition.state === "open" && !this.#closing) this.#notifyFailed(error);
        throw error;
      })
      .finally(() => {
        this.#compaction = undefined;
      });
    return this.#compaction;
  }

  /** Waits for all lines and releases the files. A snapshot in progress is given up. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#cancelRetry?.();
    await this.#journals.idle();
    await this.#compaction?.catch(() => undefined);
    await this.#recovery;
    await this.#journals.stop();
    await this.#broken?.close().catch(() => undefined);
  }

  async #compact(state: FlashState): Promise<void> {
    const { folder, timers, notify } = this.#options;
    const startedMs = timers.nowMs();
    let bytesBefore = 0;
    await this.#journals.rotate(async (current) => {
      bytesBefore = this.#journalBytes;
      // Not tried again before the journal has grown as much once more, should it fail.
      this.#dueAtBytes = bytesBefore + this.#threshold();
      folder.endAt(current);
      const next = await folder.createJournal();
      folder.endAt(next);
      return next;
    });
    const journal = this.#journals.journal?.number ?? 0;
    const check = (): void => this.#checkUndisturbed();
    check();
    const written = await folder.writeSnapshot({
      state,
      journal,
      check,
      confirm: async () => {
        await this.#journals.idle();
        check();
      },
    });
    this.#journalBytes -= bytesBefore;
    this.#dueAtBytes = this.#threshold();
    // What cannot be removed now is removed the next time.
    await folder.dropOldJournals().catch(() => undefined);
    const tookMs = timers.nowMs() - startedMs;
    notify({ kind: "compacted", records: state.ledger.size, bytes: written.bytes, tookMs });
  }

  /** A snapshot may hold changes that a fault takes back: after one it must not be finished. */
  #checkUndisturbed(): void {
    if (this.#condition.state === "open" && !this.#closing) return;
    throw new StorageFailedError(
      "The snapshot was given up: storing failed or the store was closed",
    );
  }

  #threshold(): number {
    return Math.max(this.#options.compactAtBytes, this.#options.folder.snapshotBytes);
  }

  #onWritten(bytes: number): void {
    this.#journalBytes += bytes;
    if (this.#journalBytes < this.#dueAtBytes || this.#compaction !== undefined) return;
    this.#options.onDue();
  }

  /** Does what must precede any writing. */
  async #prepared<T>(open: () => Promise<T>): Promise<T> {
    const { folder, guard } = this.#options;
    await folder.make();
    await guard();
    await folder.tidy();
    await folder.keepOutdated();
    return open();
  }

  #start(journal: JournalFile): void {
    this.#options.folder.endAt(journal);
    this.#journals.start(journal);
    this.#dueAtBytes = this.#threshold();
    this.#condition = { state: "open" };
  }

  #onFault(error: unknown, journal: JournalFile): void {
    this.#broken = journal;
    this.#inDoubt ||= !wasRefused(error);
    this.#options.folder.endAt(journal);
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#condition = { state: "failed", reason: reasonFor(error), code: errnoOf(error) };
    this.#failedAtMs = this.#options.timers.nowMs();
    this.#notifyFailed(error);
    this.#options.onFault();
    this.#retryAfter(FIRST_RETRY_MS);
  }

  #notifyFailed(error: unknown): void {
    this.#options.notify({ kind: "failed", code: errnoOf(error), reason: reasonFor(error) });
  }

  #retryAfter(delayMs: number): void {
    if (this.#closing) return;
    this.#cancelRetry = this.#options.timers.after(delayMs, () => {
      this.#recovery = this.#recover().catch((error: unknown) => {
        this.#condition = { state: "failed", reason: reasonFor(error), code: errnoOf(error) };
        this.#retryAfter(Math.min(2 * delayMs, LONGEST_RETRY_MS));
      });
    });
  }

  async #recover(): Promise<void> {
    const { folder, timers, notify } = this.#options;
    // It gives up by itself, but may still be busy with that.
    await this.#compaction?.catch(() => undefined);
    // The next journal's header says as well where this one ends, so it is no matter if this fails.
    await this.#broken?.cut().catch(() => undefined);
    const journal = await this.#prepared(() => folder.createJournal());
    try {
      if (this.#inDoubt) await this.#restate(journal.number);
    } catch (error) {
      await journal.close().catch(() => undefined);
      throw error;
    }
    await this.#broken?.close().catch(() => undefined);
    this.#broken = undefined;
    this.#inDoubt = false;
    this.#start(journal);
    notify({ kind: "recovered", afterMs: Math.round(timers.nowMs() - this.#failedAtMs) });
    this.#onWritten(0);
  }

  /** Stores the whole state again, since what a failing medium holds is not to be trusted. */
  async #restate(journal: number): Promise<void> {
    const { folder } = this.#options;
    const check = (): void => {
      if (this.#closing) throw new StorageFailedError("The store was closed");
    };
    if (this.#state === undefined) return;
    await folder.writeSnapshot({
      state: this.#state,
      journal,
      check,
      confirm: async () => check(),
    });
    this.#journalBytes = 0;
    await folder.dropOldJournals().catch(() => undefined);
  }
}
