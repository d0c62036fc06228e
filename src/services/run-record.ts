import type { Clock } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { Killer } from "../ports/machine.ts";
import type { CmidStore, Json } from "../ports/store.ts";
import type { AskedBy, Ending } from "./endings.ts";

/** Name of the document that says how the last run began and ended. */
export const RUN_DOCUMENT = "run";

export interface RunRecordParts {
  readonly store: CmidStore;
  readonly events: EventLog;
  readonly clock: Clock;
  /** Differs from boot to boot; null where unknown. */
  readonly bootId: string | null;
  /** Whether a factory reset was finished just now. */
  readonly afterReset: boolean;
  /** Whether the box was restored from a backup just now. */
  readonly afterRestore: boolean;
  /** This program's. */
  readonly version: string;
  /** Who killed the last run, if the service manager left word of it. */
  readonly killedBy: Killer | undefined;
}

/** Times are ISO 8601 by the machine's clock, which may have been wrong: they only inform. */
interface Run {
  readonly bootId: string | null;
  /** Absent from the records of the first versions. */
  readonly version?: string;
  readonly startedAt: string;
  /** Null while it runs, and for good if it never came to an orderly end. */
  readonly ended: { readonly reason: string; readonly by?: AskedBy; readonly at: string } | null;
}

/**
 * Keeps on flash how each run of the service began and ended, two small writes for each, so that the
 * next one can tell why it was started. A store that cannot be written stops neither.
 */
export class RunRecord {
  readonly #parts: RunRecordParts;
  #run: Run | undefined;
  #unwritten = false;
  #lastStart = "unknown";

  constructor(parts: RunRecordParts) {
    this.#parts = parts;
  }

  /** Why the service was started last, in at most 20 characters, such as "power cut". */
  get lastStart(): string {
    return this.#lastStart;
  }

  /** Finds out why the service was started, and begins the record of this run without waiting for it. */
  start(): void {
    const { store, clock, bootId, version, afterReset, afterRestore } = this.#parts;
    const previous = parseRun(store.documents.get(RUN_DOCUMENT));
    this.#lastStart = reasonOf(previous, this.#parts);
    if (afterReset) this.#lastStart = "factory reset";
    if (afterRestore) this.#lastStart = "restore";
    if (previous?.ended === null) this.#tellUnexpected(previous);
    this.#run = { bootId, version, startedAt: new Date(clock.nowMs()).toISOString(), ended: null };
    store.onNotice(({ kind }) => {
      if (kind === "recovered" && this.#unwritten) void this.#write();
    });
    void this.#write();
  }

  /** Says that this run comes to an orderly end. Never rejects. */
  async end(ending: Ending | undefined): Promise<void> {
    if (this.#run === undefined) return;
    const at = new Date(this.#parts.clock.nowMs()).toISOString();
    const by = ending !== undefined && "by" in ending ? { by: ending.by } : {};
    this.#run = { ...this.#run, ended: { reason: ending?.kind ?? "stop", ...by, at } };
    await this.#write();
  }

  async #write(): Promise<void> {
    const value = this.#run as unknown as Json;
    try {
      await this.#parts.store.commit([{ op: "document", name: RUN_DOCUMENT, value }]);
      this.#unwritten = false;
    } catch {
      // The store has told of its failure itself.
      this.#unwritten = true;
    }
  }

  #tellUnexpected({ startedAt }: Run): void {
    const what = UNEXPECTED[this.#lastStart] ?? "The service ended without being told to.";
    this.#parts.events.record(
      "stopped-unexpectedly",
      `${what} Nothing that was answered is lost.`,
      { reason: this.#lastStart, startedAt },
    );
  }
}

const UNEXPECTED: Readonly<Record<string, string>> = {
  crash: "The service ended without being told to, while the machine ran on.",
  watchdog: "The service did not answer any more, and was ended by its watchdog.",
  "out of memory": "The machine had no memory left, and the kernel ended the service.",
  "power cut": "The machine lost its power, or was reset, while the service ran.",
};

function reasonOf(previous: Run | undefined, now: RunRecordParts): string {
  const { bootId, killedBy, version } = now;
  if (previous === undefined) return "first start";
  const sameBoot = bootId === null ? undefined : previous.bootId === bootId;
  const { ended } = previous;
  if (ended === null) {
    if (sameBoot !== false && killedBy !== undefined) return killedBy;
    return sameBoot === undefined ? "crash or power cut" : sameBoot ? "crash" : "power cut";
  }
  if (previous.version !== undefined && previous.version !== version) {
    return isNewer(version, previous.version) ? "upgrade" : "rollback";
  }
  if (ended.reason === "power-off" && sameBoot === false) return "switched off";
  if (ended.reason === "restart" && ended.by !== undefined) return `restart by ${ended.by}`;
  return sameBoot === false && previous.bootId !== null ? "machine restart" : "after a stop";
}

/** By the numbers of both alone, as in `1.10.2`. */
function isNewer(version: string, other: string): boolean {
  const numbers = (text: string) => text.split(/[.+-]/).slice(0, 3).map(Number);
  const theirs = numbers(other);
  const steps = numbers(version).map((number, i) => number - (theirs[i] ?? 0));
  return (steps.find((step) => step !== 0) ?? 1) > 0;
}

/** What was stored, if it is such a record. */
function parseRun(value: Json | undefined): Run | undefined {
  if (typeof value !== "object" || value === null || !("ended" in value)) return undefined;
  const { bootId = null, startedAt, ended, version } = value;
  const known = typeof bootId === "string" || bootId === null;
  if (!known || typeof startedAt !== "string" || typeof ended !== "object") return undefined;
  const by = typeof version === "string" ? { version } : {};
  return { bootId, ...by, startedAt, ended: ended as Run["ended"] };
}
