import { setImmediate as turn } from "node:timers/promises";
import { FlashStore, type FlashStoreOptions } from "../../src/adapters/flash/flash-store.ts";
import type { FlashTimers } from "../../src/adapters/flash/timers.ts";
import type { ContactRecord } from "../../src/domain/contact.ts";
import type { StateChange, StoreNotice } from "../../src/ports/store.ts";
import { contact } from "./contacts.ts";
import type { FaultyFs } from "./faulty-fs.ts";

/** The change that stores the record of the client with that number. */
export function put(number: number, members: Partial<ContactRecord> = {}): StateChange {
  return { op: "put", record: contact(number, members) };
}

/** Timers whose time passes only when a test lets it. */
export class ManualTimers implements FlashTimers {
  #nowMs = 0;
  #waiting: { readonly atMs: number; readonly callback: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  pause(): Promise<void> {
    return turn();
  }

  /** Timers that are set. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Lets time pass, firing what falls due, and lets everything that follows from it happen. */
  async pass(ms: number): Promise<void> {
    this.#nowMs += ms;
    const due = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { callback } of due) callback();
    await settled();
  }
}

/** Timers that do not wait at all, for going through many runs. */
export const instantTimers: FlashTimers = {
  nowMs: () => 0,
  after: (_delayMs, callback) => {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  },
  pause: () => turn(),
};

/** Lets every call to the simulated file system that follows from what was begun come to its end. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

/** Opens a store on a simulated file system, without a lock and without waiting. */
export function openOn(
  fs: FaultyFs,
  options: Partial<FlashStoreOptions> = {},
): Promise<FlashStore> {
  return FlashStore.open({
    folder: "/state",
    fs,
    timers: instantTimers,
    groupCommitMs: 0,
    lock: async () => ({ release: async () => undefined }),
    ...options,
  });
}

/** Everything that a store tells of its state, in a form that can be compared. */
export function contentOf(store: FlashStore): unknown {
  const records: ContactRecord[] = [];
  for (let place = 0; place < store.ledger.places; place++) {
    const record = store.ledger.at(place);
    if (record !== undefined) records.push(record);
  }
  records.sort((a, b) => `${a.cmid}${a.product}`.localeCompare(`${b.cmid}${b.product}`));
  return {
    records,
    documents: Object.fromEntries([...store.documents].sort(([a], [b]) => a.localeCompare(b))),
    timeMarkMs: store.timeMarkMs,
  };
}

/** Collects notices. */
export function noticeLog(): {
  notices: StoreNotice[];
  kinds: () => string[];
  onNotice: (notice: StoreNotice) => void;
} {
  const notices: StoreNotice[] = [];
  return {
    notices,
    kinds: () => notices.map(({ kind }) => kind),
    onNotice: (notice) => void notices.push(notice),
  };
}
