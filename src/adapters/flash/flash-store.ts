import { Low } from "lowdb";
import { ActivationLedger } from "../../domain/ledger.ts";
import { FileLock } from "../../platform/file-lock.ts";
import {
  type CmidStore,
  type Json,
  type StateChange,
  type StateSize,
  StorageFailedError,
  type StoreCondition,
  type StoreNotice,
} from "../../ports/store.ts";
import { storageFailed } from "./failures.ts";
import type { FlashFs } from "./flash-fs.ts";
import { type AcquireLock, FolderLock } from "./folder-lock.ts";
import { JournaledAdapter } from "./journaled-adapter.ts";
import { encodeLine, LONGEST_LINE_BYTES } from "./lines.ts";
import { NodeFlashFs } from "./node-flash-fs.ts";
import { NoticeBoard } from "./notice-board.ts";
import { toRow } from "./rows.ts";
import { MIGRATIONS, type Migration, Schema } from "./schema.ts";
import { emptyState, type FlashState } from "./state.ts";
import { StateFolder } from "./state-folder.ts";
import { StateWalk } from "./state-walk.ts";
import { type FlashTimers, systemTimers } from "./timers.ts";
import { Transaction } from "./transaction.ts";

export interface FlashStoreOptions {
  /** Created, for its owner only, if it is missing. */
  readonly folder: string;
  /** Under load, at most one fsync in this time. Default 10. */
  readonly groupCommitMs?: number;
  /** Size of the journal from which the state is written anew, if the state is not larger. Default 8 MiB. */
  readonly compactAtBytes?: number;
  /** Default: an `ActivationLedger` without a seed. */
  readonly newLedger?: () => ActivationLedger;
  readonly onNotice?: (notice: StoreNotice) => void;
  /** Called before anything is read; what it throws ends the opening. */
  readonly beforeRead?: BeforeRead;
  readonly fs?: FlashFs;
  readonly timers?: FlashTimers;
  readonly lock?: AcquireLock;
  readonly migrations?: readonly Migration[];
}

/**
 * Work on the folder that must precede the reading. `guard` makes sure that no other process writes
 * there; it rejects where that cannot be had, as on a read-only medium.
 */
export type BeforeRead = (guard: () => Promise<void>) => Promise<void>;

const DEFAULT_GROUP_COMMIT_MS = 10;
const DEFAULT_COMPACT_AT_BYTES = 8 << 20;
/** A character takes at most three bytes of UTF-8. */
const LONGEST_LINE_CHARS = Math.floor(LONGEST_LINE_BYTES / 3);

/**
 * The host's state in a folder of text files: a lowdb database behind `JournaledAdapter`.
 *
 * If the folder cannot be written, when it is opened or later, the store can be read, refuses commits,
 * and recovers by itself.
 */
export class FlashStore implements CmidStore {
  readonly #db: Low<FlashState>;
  readonly #adapter: JournaledAdapter;
  readonly #lock: FolderLock;
  readonly #notices = new NoticeBoard();
  /** Not durable yet, oldest first. */
  #pending: Transaction[] = [];
  readonly #timers: FlashTimers;
  readonly #walks = new Set<StateWalk>();
  #closed = false;

  private constructor(options: FlashStoreOptions) {
    const { folder: path, fs = new NodeFlashFs(), timers = systemTimers } = options;
    const newLedger = options.newLedger ?? ((): ActivationLedger => new ActivationLedger());
    const schema = new Schema(options.migrations ?? MIGRATIONS);
    const notify = (notice: StoreNotice): void => this.#notices.post(notice);
    const folder = new StateFolder({ path, fs, timers, schema, newLedger, notify });
    this.#timers = timers;
    this.#lock = new FolderLock(folder, options.lock ?? ((file) => FileLock.acquire(file)));
    this.#adapter = new JournaledAdapter({
      folder,
      timers,
      notify,
      groupCommitMs: options.groupCommitMs ?? DEFAULT_GROUP_COMMIT_MS,
      compactAtBytes: options.compactAtBytes ?? DEFAULT_COMPACT_AT_BYTES,
      guard: () => this.#lock.hold(),
      onFault: () => this.#takeBackPending(),
      onDue: () => void this.compact().catch(() => undefined),
    });
    this.#db = new Low(this.#adapter, emptyState(newLedger()));
    if (options.onNotice !== undefined) this.#notices.listen(options.onNotice);
  }

  /**
   * Reads the state and begins to accept commits.
   *
   * @throws {StorageLockedError} another process has the folder open.
   * @throws {StorageUnreadableError} the state is damaged beyond what can be read, or is too new.
   */
  static async open(options: FlashStoreOptions): Promise<FlashStore> {
    const store = new FlashStore(options);
    try {
      await store.#lock.tryHold();
      await options.beforeRead?.(() => store.#lock.hold());
      await store.#db.read();
      await store.#adapter.begin(store.#db.data);
    } catch (error) {
      await store.#lock.release();
      throw error;
    }
    return store;
  }

  get ledger(): ActivationLedger {
    return this.#db.data.ledger;
  }

  get documents(): ReadonlyMap<string, Json> {
    return this.#db.data.documents;
  }

  get timeMarkMs(): number {
    return this.#db.data.timeMarkMs;
  }

  get condition(): StoreCondition {
    return this.#adapter.condition;
  }

  get journalBytes(): number {
    return this.#adapter.journalBytes;
  }

  onNotice(listener: (notice: StoreNotice) => void): void {
    this.#notices.listen(listener);
  }

  async commit(changes: readonly StateChange[]): Promise<void> {
    this.#checkOpen();
    if (changes.length === 0) return this.#adapter.idle();
    const line = encodeLine(JSON.stringify(changes.map(toRow)));
    if (line.length > LONGEST_LINE_CHARS) {
      throw new StorageFailedError(
        "The changes are too large to be stored together: split them up",
      );
    }
    const transaction = new Transaction(this.#db.data);
    transaction.apply(changes);
    this.#pending.push(transaction);
    for (const walk of this.#walks) walk.add(changes);
    await new Promise<void>((resolve, reject) => {
      this.#adapter.append({
        line,
        durable: () => {
          this.#pending.shift()?.settle();
          resolve();
        },
        failed: (error) => reject(storageFailed(error)),
      });
    });
  }

  /** Writes the whole state anew, which otherwise happens by itself when the journal has grown. */
  async compact(): Promise<void> {
    this.#checkOpen();
    await this.#db.write();
  }

  async *snapshot(): AsyncGenerator<readonly StateChange[], StateSize> {
    if (this.#closed) throw new StorageFailedError("The store is closed");
    const walk = new StateWalk(this.#db.data, this.#timers);
    this.#walks.add(walk);
    try {
      return yield* walk.tell(() => this.#adapter.idle());
    } finally {
      this.#walks.delete(walk);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#adapter.close();
    await this.#lock.release();
  }

  #checkOpen(): void {
    const { condition } = this.#adapter;
    if (this.#closed) throw new StorageFailedError("The store is closed");
    if (condition.state === "failed") {
      throw new StorageFailedError(`The state cannot be stored at present: ${condition.reason}`);
    }
  }

  #takeBackPending(): void {
    for (const walk of this.#walks) walk.disturb();
    for (const transaction of this.#pending.reverse()) transaction.takeBack();
    this.#pending = [];
  }
}
