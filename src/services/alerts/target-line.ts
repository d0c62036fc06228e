import type { Alert } from "../../domain/alerts/alert.ts";
import { alertRetryMs } from "../../domain/alerts/delivery-queue.ts";
import { AlertFailedError, type AlertFailureCode, type AlertTarget } from "../../ports/alerts.ts";
import type { EventLog } from "../../ports/events.ts";

export interface TargetLineParts {
  readonly target: AlertTarget;
  readonly events: EventLog;
  readonly monotonicMs: () => number;
  /** What it is owed, oldest first. */
  readonly owed: () => readonly Alert[];
  /** These are settled: taken, or refused for good. */
  readonly settled: (alerts: readonly Alert[]) => void;
  readonly signal: AbortSignal;
}

export interface TargetFailure {
  readonly code: AlertFailureCode | "failed";
  readonly message: string;
}

/** Brings one target what it is owed, in order and one message at a time. */
export class TargetLine {
  readonly #parts: TargetLineParts;
  #failures = 0;
  #dueMs = 0;
  #failure: TargetFailure | undefined;
  #busy: Promise<void> | undefined;
  /** When each was first seen here, by the monotonic clock. */
  readonly #seenMs = new Map<string, number>();

  constructor(parts: TargetLineParts) {
    this.#parts = parts;
  }

  get target(): AlertTarget {
    return this.#parts.target;
  }

  /** Why the last message was not taken; undefined after one that was. */
  get failure(): TargetFailure | undefined {
    return this.#failure;
  }

  /** How long until it is tried again; 0 if nothing failed. */
  get retryInMs(): number {
    return this.#failures === 0 ? 0 : Math.max(0, this.#dueMs - this.#parts.monotonicMs());
  }

  get idle(): Promise<void> {
    return this.#busy ?? Promise.resolve();
  }

  /** Sends what is due. Never waits and never throws. */
  run(): void {
    this.#busy ??= this.#sendDue().finally(() => {
      this.#busy = undefined;
    });
  }

  async #sendDue(): Promise<void> {
    const { target, signal } = this.#parts;
    for (let batch = this.#due(); batch.length > 0 && !signal.aborted; batch = this.#due()) {
      try {
        const said = await target.send(batch, signal);
        this.#took(batch, said);
      } catch (error) {
        if (signal.aborted) return;
        this.#failed(batch, error);
      }
    }
  }

  #due(): readonly Alert[] {
    const { target, owed, monotonicMs } = this.#parts;
    const nowMs = monotonicMs();
    const waiting = owed();
    const ids = new Set(waiting.map(({ id }) => id));
    for (const id of this.#seenMs.keys()) if (!ids.has(id)) this.#seenMs.delete(id);
    for (const id of ids) if (!this.#seenMs.has(id)) this.#seenMs.set(id, nowMs);
    const [oldest] = waiting;
    if (!oldest || nowMs < this.#dueMs) return [];
    const waitedMs = nowMs - (this.#seenMs.get(oldest.id) ?? nowMs);
    return waitedMs < target.gatherMs ? [] : waiting.slice(0, target.mostAtOnce);
  }

  #took(batch: readonly Alert[], said: string): void {
    const { target, events, settled } = this.#parts;
    this.#failures = 0;
    this.#dueMs = 0;
    this.#failure = undefined;
    settled(batch);
    for (const { id, news, key, sentence } of batch) {
      const message = `Sent to ${target.label}: ${sentence}`;
      events.record("alert-sent", message, { target: target.label, news, key, id, said });
    }
  }

  #failed(batch: readonly Alert[], error: unknown): void {
    const { settled, monotonicMs } = this.#parts;
    const failure = failureOf(error);
    if (failure.code === "refused-for-good") {
      this.#tell(failure, "It is not tried again.");
      settled(batch);
    } else {
      this.#failures++;
      this.#dueMs = monotonicMs() + alertRetryMs(this.#failures);
      // A fault that lasts is told once.
      if (failure.message !== this.#failure?.message) this.#tell(failure, "It is tried again.");
    }
    this.#failure = failure;
  }

  #tell({ code, message }: TargetFailure, outcome: string): void {
    const { target, events } = this.#parts;
    events.record("alert-failed", `No alert gets to ${target.label}: ${message} ${outcome}`, {
      target: target.label,
      code,
    });
  }
}

export function failureOf(error: unknown): TargetFailure {
  if (error instanceof AlertFailedError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "failed", message };
}
