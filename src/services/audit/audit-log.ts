import {
  AUDIT_BEGIN,
  type AuditAct,
  AuditChain,
  type AuditEntry,
  type AuditHead,
  type AuditKept,
  auditLine,
  type HashText,
  parseAuditLine,
} from "../../domain/audit-chain.ts";
import type { AuditFile } from "../../ports/audit.ts";
import type { EventLog } from "../../ports/events.ts";
import type { CmidStore, Json } from "../../ports/store.ts";
import { Turnstile } from "../turnstile.ts";

/** Name of the document that says where the log ends. */
export const AUDIT_DOCUMENT = "audit-head";

export interface AuditLogParts {
  readonly file: AuditFile;
  readonly store: Pick<CmidStore, "documents" | "commit">;
  readonly events: EventLog;
  readonly time: () => number;
  readonly hash: HashText;
  /** Whether the box was restored just now: the log of the former one stayed there. */
  readonly afterRestore: boolean;
}

interface KeptDocument extends AuditKept {
  readonly next: number;
}

export interface AuditCheck {
  readonly whole: boolean;
  /** For a person. */
  readonly detail: string;
}

/**
 * Every administrative act, in a chain of which each line vouches for the one before. Where the chain
 * ends is kept in the state besides, so that a log that was cut is noticed. Against who can write both
 * the chain does not help: what is exported elsewhere does.
 */
export class AuditLog {
  readonly #parts: AuditLogParts;
  readonly #turnstile = new Turnstile(1);
  #head: AuditHead = AUDIT_BEGIN;
  /** The oldest entry, and the oldest that stays when old ones are let go next. */
  #first = AUDIT_BEGIN.first;
  #next = AUDIT_BEGIN.first;
  #started: Promise<void> | undefined;
  #fault: string | undefined;
  #missed = 0;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
  }

  /** What was wrong with the log at this start; undefined if nothing was. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Checks the log, and puts one that is broken aside. Never rejects. */
  start(): Promise<void> {
    this.#started ??= this.#turnstile.run(() => this.#begin());
    return this.#started;
  }

  /**
   * Resolves once the act is on flash, or it is known that it cannot be: then an event tells, and the
   * next line that can be written says how many are missing. Never rejects.
   */
  async record(act: Omit<AuditAct, "time">): Promise<void> {
    await this.start();
    await this.#turnstile.run(() => this.#append(act));
  }

  /** Newest first. */
  async page(
    offset: number,
    limit: number,
  ): Promise<{ readonly total: number; readonly entries: AuditEntry[] }> {
    await this.start();
    // The newest are wanted nearly always: what is further back is let go while reading.
    const newest: string[] = [];
    let total = 0;
    for await (const line of this.#parts.file.lines()) {
      total++;
      newest.push(line);
      if (newest.length > 2 * (offset + limit)) newest.splice(0, newest.length - offset - limit);
    }
    const lines = newest.toReversed().slice(offset, offset + limit);
    return {
      total,
      entries: lines.flatMap((line) => parseAuditLine(line, this.#parts.hash) ?? []),
    };
  }

  /** Resolves once all that was recorded is on flash. */
  async stop(): Promise<void> {
    await this.start();
    await this.#turnstile.run(async () => undefined);
  }

  /** The log as it stands, line by line. */
  async *export(): AsyncGenerator<string> {
    await this.start();
    for await (const line of this.#parts.file.lines()) yield `${line}\n`;
  }

  async check(): Promise<AuditCheck> {
    await this.start();
    return this.#turnstile.run(async () => {
      const { lines, fault } = await this.#follow(this.#kept());
      const entries = `${lines} ${lines === 1 ? "entry" : "entries"}`;
      if (fault !== undefined)
        return { whole: false, detail: `The audit log is broken: ${fault}.` };
      if (this.#fault !== undefined) {
        return { whole: false, detail: brokenText(this.#fault) };
      }
      return {
        whole: true,
        detail: `${entries} vouch for one another, to the last that was written.`,
      };
    });
  }

  async #begin(): Promise<void> {
    const { file, events, afterRestore } = this.#parts;
    try {
      const kept = this.#kept();
      this.#take(kept);
      const { head, fault, lines } = await this.#follow(kept);
      if (fault === undefined) {
        this.#head = head;
        await file.cutTail();
      } else if (afterRestore && lines === 0) {
        await this.#beginAnew({ ...BOX, act: "begin-after-restore" });
      } else {
        this.#fault = fault;
        events.record("audit-broken", brokenText(fault), { fault });
        await file.putAside();
        await this.#beginAnew({ ...BOX, act: "find-audit-log-broken", target: fault });
      }
    } catch (error) {
      this.#tellFailure(error);
    }
  }

  /** In an empty file, after the last entry known. */
  async #beginAnew(act: Omit<AuditAct, "time">): Promise<void> {
    this.#first = this.#next = this.#head.sequence + 1;
    await this.#append(act);
  }

  async #append(act: Omit<AuditAct, "time">): Promise<void> {
    const missed = this.#missed;
    try {
      if (missed > 0) {
        await this.#write({ ...BOX, act: "miss-entries", target: `${missed}` });
        this.#missed -= missed;
      }
      await this.#write(act);
    } catch (error) {
      this.#missed++;
      if (missed === 0) this.#tellFailure(error);
    }
  }

  async #write(act: Omit<AuditAct, "time">): Promise<void> {
    const { file, time, hash } = this.#parts;
    if (await file.isFull()) {
      // Known before it is done, so that a power cut in between leaves more than is known, not less.
      this.#first = this.#next;
      this.#next = this.#head.sequence + 1;
      await this.#keep();
      await file.letGo();
    }
    const stamped = { time: new Date(time()).toISOString(), ...act };
    const { line, head } = auditLine(stamped, this.#head, hash);
    await file.append(line);
    this.#head = head;
    await this.#keep();
  }

  /** The store tells of its failures itself, and what it lacks comes with the next entry. */
  async #keep(): Promise<void> {
    const value: Json = { ...this.#head, first: this.#first, next: this.#next };
    const change = { op: "document", name: AUDIT_DOCUMENT, value } as const;
    await this.#parts.store.commit([change]).catch(() => undefined);
  }

  async #follow(kept: AuditKept) {
    const chain = new AuditChain(this.#parts.hash, kept);
    for await (const line of this.#parts.file.lines()) chain.take(line);
    return { head: chain.head, lines: chain.lines, fault: chain.end() };
  }

  #take({ sequence, hash, first, next }: KeptDocument): void {
    this.#head = { sequence, hash };
    this.#first = first;
    this.#next = next;
  }

  #kept(): KeptDocument {
    const kept = this.#parts.store.documents.get(AUDIT_DOCUMENT) as unknown as
      | KeptDocument
      | undefined;
    return kept && [kept.sequence, kept.first, kept.next].every(Number.isSafeInteger)
      ? kept
      : { ...AUDIT_BEGIN, next: AUDIT_BEGIN.first };
  }

  #tellFailure(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#parts.events.record(
      "storage-failed",
      `The audit log cannot be written (${reason}); acts go on, and it will say how many it lacks.`,
      { reason },
    );
  }
}

const BOX = { actor: "box", source: "box", target: null, outcome: "done" } as const;

function brokenText(fault: string): string {
  return (
    `The audit log was broken when the box started: ${fault}. What there was is kept as ` +
    "audit.broken.log in the state folder, and a new one goes on from the last act known."
  );
}
