import { type StateChange, type StateSize, StorageFailedError } from "../../ports/store.ts";
import type { FlashState } from "./state.ts";
import type { FlashTimers } from "./timers.ts";

/** Records told between two pauses, in a millisecond or two. */
const SLICE_RECORDS = 256;

/**
 * Tells the whole state while it goes on changing. A change that comes meanwhile is told after the
 * records, so that it does not matter whether the walk has passed its record already.
 */
export class StateWalk {
  readonly #state: FlashState;
  readonly #timers: FlashTimers;
  #since: StateChange[] = [];
  #disturbed = false;

  constructor(state: FlashState, timers: FlashTimers) {
    this.#state = state;
    this.#timers = timers;
  }

  /** Takes note of changes made while the walk is under way. */
  add(changes: readonly StateChange[]): void {
    for (const change of changes) if (isRecordChange(change)) this.#since.push(change);
  }

  /** Changes were taken back that may have been told. */
  disturb(): void {
    this.#disturbed = true;
  }

  /**
   * @param settled resolves when all changes up to now are durable or taken back
   * @throws {StorageFailedError}
   */
  async *tell(settled: () => Promise<void>): AsyncGenerator<readonly StateChange[], StateSize> {
    const { ledger, documents } = this.#state;
    // Records that come to stand behind this limit meanwhile are told as changes.
    const places = ledger.places;
    for (let from = 0; from < places; from += SLICE_RECORDS) {
      yield this.#records(from, Math.min(from + SLICE_RECORDS, places));
      await this.#timers.pause();
      this.#check();
    }
    // From here to the end of the list nothing else has its turn: this is the moment that is told.
    const size = { records: ledger.size, clients: ledger.clients };
    const last: StateChange[] = this.#since;
    this.#since = [];
    for (const [name, value] of documents) last.push({ op: "document", name, value });
    last.push({ op: "time", timeMs: this.#state.timeMarkMs });
    await settled();
    this.#check();
    for (let from = 0; from < last.length; from += SLICE_RECORDS) {
      yield last.slice(from, from + SLICE_RECORDS);
    }
    return size;
  }

  #records(from: number, to: number): StateChange[] {
    const told: StateChange[] = [];
    for (let place = from; place < to; place++) {
      const record = this.#state.ledger.at(place);
      if (record !== undefined) told.push({ op: "put", record });
    }
    return told;
  }

  #check(): void {
    if (!this.#disturbed) return;
    throw new StorageFailedError("Storing failed while the state was read: try again");
  }
}

function isRecordChange({ op }: StateChange): boolean {
  return op === "put" || op === "discard";
}
