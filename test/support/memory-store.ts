import { ActivationLedger } from "../../src/domain/ledger.ts";
import {
  type CmidStore,
  type Json,
  type StateChange,
  type StateSize,
  StorageFailedError,
  type StoreCondition,
  type StoreNotice,
} from "../../src/ports/store.ts";

interface Pending {
  readonly undo: () => void;
  readonly keep: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A store whose flash is a test's patience: commits wait while it is held, and fail when told to. */
export class MemoryStore implements CmidStore {
  readonly ledger = new ActivationLedger();
  readonly documents = new Map<string, Json>();
  timeMarkMs = 0;
  condition: StoreCondition = { state: "open" };
  readonly journalBytes = 4096;
  /** Every commit that became durable. */
  readonly durable: (readonly StateChange[])[] = [];
  readonly #listeners: ((notice: StoreNotice) => void)[] = [];
  readonly #notices: StoreNotice[] = [];
  #pending: Pending[] = [];
  #held = false;
  #closed = false;

  /** Commits begun from now on wait for `release` or `fail`. */
  hold(): void {
    this.#held = true;
  }

  /** Everything that waits becomes durable. */
  release(): void {
    this.#held = false;
    const pending = this.#pending;
    this.#pending = [];
    for (const { keep, resolve } of pending) {
      keep();
      resolve();
    }
  }

  /** The flash breaks: everything that waits is undone, and nothing more is accepted. */
  fail(reason = "the card is gone"): void {
    this.condition = { state: "failed", reason, code: "EIO" };
    const pending = this.#pending;
    this.#pending = [];
    for (const { undo } of pending.toReversed()) undo();
    for (const { reject } of pending) reject(new StorageFailedError(reason));
    this.notice({ kind: "failed", code: "EIO", reason });
  }

  recover(): void {
    this.condition = { state: "open" };
    this.notice({ kind: "recovered", afterMs: 1500 });
  }

  /** Commits that wait. */
  get waiting(): number {
    return this.#pending.length;
  }

  notice(notice: StoreNotice): void {
    this.#notices.push(notice);
    for (const listener of this.#listeners) listener(notice);
  }

  onNotice(listener: (notice: StoreNotice) => void): void {
    for (const notice of this.#notices) listener(notice);
    this.#listeners.push(listener);
  }

  async commit(changes: readonly StateChange[]): Promise<void> {
    if (this.#closed) throw new StorageFailedError("The store is closed");
    if (this.condition.state === "failed") throw new StorageFailedError(this.condition.reason);
    const undo = this.#apply(changes);
    const mark = this.ledger.mark();
    const keep = () => {
      this.ledger.settle(mark);
      this.durable.push(changes);
    };
    await new Promise<void>((resolve, reject) => {
      this.#pending.push({ undo, keep, resolve, reject });
      if (!this.#held) queueMicrotask(() => this.release());
    });
  }

  async *snapshot(): AsyncGenerator<readonly StateChange[], StateSize> {
    yield stateChanges(this);
    return { records: this.ledger.size, clients: this.ledger.clients };
  }

  async close(): Promise<void> {
    this.release();
    this.#closed = true;
  }

  #apply(changes: readonly StateChange[]): () => void {
    const mark = this.ledger.mark();
    const documents = new Map(this.documents);
    const timeMarkMs = this.timeMarkMs;
    const undo = () => {
      this.ledger.rollback(mark);
      this.documents.clear();
      for (const [name, value] of documents) this.documents.set(name, value);
      this.timeMarkMs = timeMarkMs;
    };
    try {
      for (const change of changes) this.#applyOne(change);
    } catch (error) {
      undo();
      throw error;
    }
    return undo;
  }

  #applyOne(change: StateChange): void {
    if (change.op === "put") {
      this.ledger.put(change.record);
      this.timeMarkMs = Math.max(this.timeMarkMs, change.record.lastContactMs);
    } else if (change.op === "discard") {
      this.ledger.discard(change.cmid, change.product);
    } else if (change.op === "time") {
      this.timeMarkMs = change.lowers ? change.timeMs : Math.max(this.timeMarkMs, change.timeMs);
    } else if (change.value === null) {
      this.documents.delete(change.name);
    } else {
      this.documents.set(change.name, change.value);
    }
  }
}

/** A state as changes of an empty one. */
export function stateChanges(state: MemoryParts): StateChange[] {
  const { ledger, documents, timeMarkMs } = state;
  const records = Array.from({ length: ledger.places }, (_, place) => ledger.at(place));
  return [
    ...records.flatMap((record): StateChange[] => (record ? [{ op: "put", record }] : [])),
    ...[...documents].map(([name, value]): StateChange => ({ op: "document", name, value })),
    { op: "time", timeMs: timeMarkMs },
  ];
}

type MemoryParts = Pick<CmidStore, "ledger" | "documents" | "timeMarkMs">;

/** The whole content of a store, for telling that nothing changed. */
export function contentOf({ ledger, documents, timeMarkMs }: CmidStore) {
  const records = Array.from({ length: ledger.places }, (_, place) => ledger.at(place));
  return {
    records: records.filter((record) => record !== undefined),
    order: ledger.contactedUntil(Number.MAX_SAFE_INTEGER, ledger.size),
    clients: ledger.clients,
    documents: [...documents],
    timeMarkMs,
  };
}
