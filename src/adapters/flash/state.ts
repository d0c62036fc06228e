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

/** Builds a state from the changes in the files, in their order, handing records to the ledger in bulk. */
export class StateBuilder {
  readonly state: FlashState;

  constructor(ledger: ActivationLedger) {
    this.state = emptyState(ledger);
  }

  add(changes: Iterable<StateChange>): void {
    this.state.ledger.load(this.#records(changes));
  }

  /** Picks out what is the ledger's and sees to the rest. */
  *#records(
    changes: Iterable<StateChange>,
  ): Generator<ContactRecord | { discard: ContactKey }, void> {
    const { documents } = this.state;
    for (const change of changes) {
      switch (change.op) {
        case "put":
          this.#raiseTimeMark(change.record.lastContactMs);
          yield change.record;
          break;
        case "discard":
          yield { discard: { cmid: change.cmid, product: change.product } };
          break;
        case "document":
          if (change.value === null) documents.delete(change.name);
          else documents.set(change.name, change.value);
          break;
        case "time":
          if (change.lowers) this.state.timeMarkMs = change.timeMs;
          else this.#raiseTimeMark(change.timeMs);
          break;
      }
    }
  }

  #raiseTimeMark(timeMs: number): void {
    if (timeMs > this.state.timeMarkMs) this.state.timeMarkMs = timeMs;
  }
}
