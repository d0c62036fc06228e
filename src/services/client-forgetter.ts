import type { ContactRecord } from "../domain/contact.ts";
import { KmsError } from "../domain/errors.ts";
import type { CmidStore } from "../ports/store.ts";
import type { ActivationEvents } from "./activation-events.ts";

/** No record of that CMID is held. */
export class ClientUnknownError extends KmsError {
  readonly code = "not-found";
}

export interface ForgetterParts {
  readonly store: Pick<CmidStore, "ledger" | "commit">;
  readonly events: Pick<ActivationEvents, "forgotten">;
  /** What else remembers machines, if anything does. */
  readonly memory?: { forget(cmid: string): void };
}

/** Takes a client out of the count at once, as if its retention had ended. */
export class ClientForgetter {
  readonly #parts: ForgetterParts;

  constructor(parts: ForgetterParts) {
    this.#parts = parts;
  }

  /**
   * Discards all records of a CMID; resolves once that is durable. A client that asks again counts again.
   *
   * @param by as the audit log names whoever wants it
   * @throws {ClientUnknownError} @throws {StorageFailedError} nothing is changed
   */
  async forget(cmid: string, by: string): Promise<readonly ContactRecord[]> {
    const { store, events } = this.#parts;
    const records = store.ledger.ofClient(cmid);
    if (records.length === 0) throw new ClientUnknownError(`No client ${cmid} counts here.`);
    const counts = () =>
      new Map(
        records.map(({ application }) => [application, store.ledger.count(application)] as const),
      );
    const before = counts();
    const stored = store.commit(records.map(({ product }) => ({ op: "discard", cmid, product })));
    const after = counts();
    await stored;
    this.#parts.memory?.forget(cmid);
    events.forgotten(records, before, after, by);
    return records;
  }
}
