import type { EventLog } from "../ports/events.ts";
import type { CmidStore, Json } from "../ports/store.ts";
import type { UpgradeOutcome } from "../ports/upgrade.ts";

/** Name of the document that says which version ran last, and of which upgrade was told. */
const UPGRADE_DOCUMENT = "upgrade";

export interface UpgradeNewsParts {
  readonly store: CmidStore;
  readonly events: EventLog;
  /** The program's own. */
  readonly version: string;
  /** Null where no upgrade was ever judged. */
  readonly outcome: UpgradeOutcome | null;
}

/** Tells of each upgrade once: that another version runs, or that a new one had to be taken back. */
export class UpgradeNews {
  readonly #parts: UpgradeNewsParts;

  constructor(parts: UpgradeNewsParts) {
    this.#parts = parts;
  }

  /** What is wrong with the last upgrade, for the status; null if nothing is. */
  get failure(): UpgradeOutcome | null {
    const { outcome, version } = this.#parts;
    return isFailure(outcome) && outcome.from === version ? outcome : null;
  }

  /** Writes once after an upgrade, and at the very first start; without waiting for it. */
  start(): void {
    const { store, version, outcome } = this.#parts;
    const last = parseTold(store.documents.get(UPGRADE_DOCUMENT));
    const judgedAt = outcome?.at ?? "";
    if (last?.version === version && last.judgedAt === judgedAt) return;
    if (last !== undefined) this.#tell(last, judgedAt);
    const value: Json = { version, judgedAt };
    // The store tells of its failure itself, and the next start tries again.
    store.commit([{ op: "document", name: UPGRADE_DOCUMENT, value }]).catch(() => undefined);
  }

  #tell(last: Told, judgedAt: string): void {
    const { events, version } = this.#parts;
    const { failure } = this;
    if (failure && last.judgedAt !== judgedAt) {
      const { from, to, reason } = failure;
      if (failure.outcome === "rolled-back") {
        const message = `Version ${to} did not run, and ${from} is in use again: ${reason}.`;
        events.record("upgrade-rolled-back", message, { from, to, reason });
      } else {
        const message = `Version ${to} is not in use, but still ${from}: ${reason}.`;
        events.record("upgrade-unfinished", message, { from, to, reason });
      }
    } else if (last.version !== version) {
      const message = `KMS Box ${version} is in use, after ${last.version}.`;
      events.record("version-changed", message, { from: last.version, to: version });
    }
  }
}

interface Told {
  readonly version: string;
  readonly judgedAt: string;
}

function isFailure(outcome: UpgradeOutcome | null): outcome is UpgradeOutcome {
  return outcome?.outcome === "rolled-back" || outcome?.outcome === "unfinished";
}

/** What was stored, if it is such a record. */
function parseTold(value: Json | undefined): Told | undefined {
  if (typeof value !== "object" || value === null || !("version" in value)) return undefined;
  const { version, judgedAt } = value;
  return typeof version === "string" && typeof judgedAt === "string"
    ? { version, judgedAt }
    : undefined;
}
