import { ActivationLedger } from "../../../src/domain/ledger.ts";
import type {
  CmidStore,
  Json,
  StateChange,
  StateSize,
  StoreCondition,
} from "../../../src/ports/store.ts";
import { stateChanges } from "../../support/memory-store.ts";

/** The part that is alike in the stores compared here: the state in memory, changed at once. */
export abstract class MemoryState implements CmidStore {
  readonly ledger = new ActivationLedger();
  readonly documents = new Map<string, Json>();
  readonly condition: StoreCondition = { state: "open" };
  timeMarkMs = 0;

  onNotice(): void {
    // These stores notice nothing.
  }

  async *snapshot(): AsyncGenerator<readonly StateChange[], StateSize> {
    yield stateChanges(this);
    return { records: this.ledger.size, clients: this.ledger.clients };
  }

  abstract commit(changes: readonly StateChange[]): Promise<void>;
  abstract close(): Promise<void>;

  protected apply(changes: readonly StateChange[]): void {
    for (const change of changes) {
      if (change.op === "put") this.ledger.put(change.record);
      else if (change.op === "discard") this.ledger.discard(change.cmid, change.product);
      else if (change.op === "document") this.documents.set(change.name, change.value);
      else this.timeMarkMs = Math.max(this.timeMarkMs, change.timeMs);
    }
    this.ledger.settle(this.ledger.mark());
  }
}
