import type { JournalFile } from "./journal-file.ts";
import type { FlashTimers } from "./timers.ts";

/** One line that waits to be durable. */
export interface PendingLine {
  readonly line: string;
  /** Called in the order of the lines. */
  durable(): void;
  failed(error: unknown): void;
}

export interface JournalWriterOptions {
  /** Under load, at most one write and one fsync in this time. */
  readonly groupCommitMs: number;
  readonly timers: FlashTimers;
  /** Called at once when a write fails, before any line is told: nothing more is accepted. */
  readonly onFault: (error: unknown, journal: JournalFile) => void;
  readonly onWritten: (bytes: number) => void;
}

/**
 * Group commit: everything that waits goes out with one write and one fsync. On an idle journal a
 * line is written at once; under load lines gather for a while, which spares flash.
 */
export class JournalWriter {
  readonly #options: JournalWriterOptions;
  #journal: JournalFile | undefined;
  #waiting: PendingLine[] = [];
  #lastFlushMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  #scheduled = false;
  /** What is being done to the journal; one thing at a time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: JournalWriterOptions) {
    this.#options = options;
  }

  /** Undefined before the start and after a fault. */
  get journal(): JournalFile | undefined {
    return this.#journal;
  }

  start(journal: JournalFile): void {
    this.#journal = journal;
  }

  push(line: PendingLine): void {
    this.#waiting.push(line);
    this.#schedule();
  }

  /** Resolves when everything pushed before is durable or has failed. */
  idle(): Promise<void> {
    return this.#flush();
  }

  /** Goes on in another journal, made by `next` from the current one while nothing is written. */
  rotate(next: (current: JournalFile) => Promise<JournalFile>): Promise<void> {
    return this.#inTurn(async (current) => {
      this.#journal = await next(current);
      await current.close().catch(() => undefined);
    });
  }

  /** Waits for what was pushed and closes the journal. */
  async stop(): Promise<void> {
    await this.idle();
    const journal = this.#journal;
    this.#journal = undefined;
    await journal?.close().catch(() => undefined);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const { groupCommitMs, timers } = this.#options;
    const delayMs = this.#lastFlushMs + groupCommitMs - timers.nowMs();
    if (delayMs > 0) this.#cancelTimer = timers.after(delayMs, () => void this.#flush());
    else void this.#flush();
  }

  #flush(): Promise<void> {
    return this.#inTurn(async (journal) => {
      this.#cancelTimer?.();
      const lines = this.#waiting;
      this.#waiting = [];
      if (lines.length > 0) await this.#write(journal, lines);
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  async #write(journal: JournalFile, lines: readonly PendingLine[]): Promise<void> {
    const before = journal.durableBytes;
    this.#lastFlushMs = this.#options.timers.nowMs();
    try {
      await journal.append(lines.map(({ line }) => line).join(""));
    } catch (error) {
      // Put back, so that all lines that will not be durable are told in their order.
      this.#waiting = [...lines, ...this.#waiting];
      throw error;
    }
    for (const line of lines) line.durable();
    this.#options.onWritten(journal.durableBytes - before);
  }

  /** Does something to the journal after what came before is done. Any error is a fault. */
  #inTurn(action: (journal: JournalFile) => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#journal === undefined) return;
      const journal = this.#journal;
      try {
        await action(journal);
      } catch (error) {
        this.#fault(error, journal);
      }
    });
    return this.#turn;
  }

  #fault(error: unknown, journal: JournalFile): void {
    this.#cancelTimer?.();
    const lines = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    this.#journal = undefined;
    this.#options.onFault(error, journal);
    for (const line of lines) line.failed(error);
  }
}
