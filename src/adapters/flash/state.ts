import type { ContactKey, ContactRecord } from "../../domain/contact.ts";
import type { ActivationLedger } from "../../domain/ledger.ts";
import type { Json, StateChange } from "../../ports/store.ts";

/** The whole state in memory: what lowdb calls the data. */
export interface FlashState {
  readonly ledger: ActivationLedger;
  readonly documents: Map<string, Json>;
  timeMarkMs: number;
}

/** The state before anything was stored. */
export function emptyState(ledger: ActivationLedger): FlashState {
  return { ledger, documents: new Map(), timeMarkMs: 0 };
}

/** Large enough that sorting each batch in costs little, small enough not to hold all records twice. */
const BATCH = 65_536;

/** Builds a state from the changes in the files, in their order, handing records to the ledger in bulk. */
export class StateBuilder {
  readonly #state: FlashState;
  #batch: (ContactRecord | { discard: ContactKey })[] = [];

  constructor(ledger: ActivationLedger) {
    this.#state = emptyState(ledger);
  }

  add(change: StateChange): void {
    switch (change.op) {
      case "put":
        this.#raiseTimeMark(change.record.lastContactMs);
        this.#addToBatch(change.record);
        break;
      case "discard":
        this.#addToBatch({ discard: { cmid: change.cmid, product: change.product } });
        break;
      case "document":
        if (change.value === null) this.#state.documents.delete(change.name);
        else this.#state.documents.set(change.name, change.value);
        break;
      case "time":
        this.#raiseTimeMark(change.timeMs);
        break;
    }
  }

  finish(): FlashState {
    this.#load();
    return this.#state;
  }

  #raiseTimeMark(timeMs: number): void {
    if (timeMs > this.#state.timeMarkMs) this.#state.timeMarkMs = timeMs;
  }

  #addToBatch(entry: ContactRecord | { discard: ContactKey }): void {
    this.#batch.push(entry);
    if (this.#batch.length >= BATCH) this.#load();
  }

  #load(): void {
    if (this.#batch.length === 0) return;
    this.#state.ledger.load(this.#batch);
    this.#batch = [];
  }
}
