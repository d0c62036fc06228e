import type { Json, StateChange } from "../../ports/store.ts";
import type { FlashState } from "./state.ts";

/** One commit's changes in memory, which can be taken back until they are durable. */
export class Transaction {
  readonly #state: FlashState;
  readonly #markBefore: number;
  readonly #timeMarkMsBefore: number;
  readonly #documentsBefore: (readonly [name: string, value: Json | undefined])[] = [];
  #markAfter: number;

  constructor(state: FlashState) {
    this.#state = state;
    this.#markBefore = state.ledger.mark();
    this.#markAfter = this.#markBefore;
    this.#timeMarkMsBefore = state.timeMarkMs;
  }

  /** Applies all the changes or, if the ledger refuses one, none, and throws that error. */
  apply(changes: readonly StateChange[]): void {
    try {
      for (const change of changes) this.#apply(change);
      this.#markAfter = this.#state.ledger.mark();
    } catch (error) {
      this.takeBack();
      throw error;
    }
  }

  /** Forgets how to take the changes back. Those of earlier transactions must be settled before. */
  settle(): void {
    this.#state.ledger.settle(this.#markAfter);
  }

  /** Undoes the changes. Those of later transactions must be taken back before. */
  takeBack(): void {
    this.#state.ledger.rollback(this.#markBefore);
    for (const [name, value] of this.#documentsBefore.reverse()) this.#setDocument(name, value);
    this.#state.timeMarkMs = this.#timeMarkMsBefore;
  }

  #apply(change: StateChange): void {
    const { ledger, documents } = this.#state;
    switch (change.op) {
      case "put":
        ledger.put(change.record);
        this.#raiseTimeMark(change.record.lastContactMs);
        break;
      case "discard":
        ledger.discard(change.cmid, change.product);
        break;
      case "document":
        this.#documentsBefore.push([change.name, documents.get(change.name)]);
        this.#setDocument(change.name, change.value ?? undefined);
        break;
      case "time":
        if (change.lowers) this.#state.timeMarkMs = change.timeMs;
        else this.#raiseTimeMark(change.timeMs);
        break;
    }
  }

  #raiseTimeMark(timeMs: number): void {
    if (timeMs > this.#state.timeMarkMs) this.#state.timeMarkMs = timeMs;
  }

  #setDocument(name: string, value: Json | undefined): void {
    if (value === undefined) this.#state.documents.delete(name);
    else this.#state.documents.set(name, value);
  }
}
