import type { Finding } from "../../domain/doctor/finding.ts";
import type { EventLog } from "../../ports/events.ts";

/** Writes into the event log what the network lacks, once until it changes. */
export class NetworkNews {
  readonly #events: EventLog;
  /** What was told to be wrong, by its check. */
  readonly #told = new Map<string, string>();

  constructor(events: EventLog) {
    this.#events = events;
  }

  /** What could not be found out stays as it was told. */
  tell(findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (finding.result === "wrong") this.#tellFailure(finding);
      else if (finding.result !== "skipped") this.#tellRecovery(finding);
    }
  }

  #tellFailure({ id, evidence, nextStep }: Finding): void {
    if (this.#told.get(id) === evidence) return;
    this.#told.set(id, evidence);
    const message = nextStep === null ? evidence : `${evidence} ${nextStep}`;
    this.#events.record("network-failed", message, { check: id });
  }

  #tellRecovery({ id, title, evidence }: Finding): void {
    if (!this.#told.delete(id)) return;
    this.#events.record("network-recovered", `${title}: ${evidence}`, { check: id });
  }
}
