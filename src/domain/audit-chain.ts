/** An act as the log has it. Every member is text, and none of it secret. */
export interface AuditAct {
  /** ISO 8601, by the box's clock. */
  readonly time: string;
  /** `administrator`, `token NAME`, `command line`, `button`, `box` or `nobody`. */
  readonly actor: string;
  /** Address, `socket` or `panel`. */
  readonly source: string;
  readonly act: string;
  /** What it was done to; null where the act says it all. */
  readonly target: string | null;
  /** `done`, or the code of the refusal. */
  readonly outcome: string;
}

/** A line of the log. */
export interface AuditEntry extends AuditAct {
  /** From 1 on, without a gap. */
  readonly sequence: number;
  /** Of the line before; 64 zeros in the first. */
  readonly previous: string;
  /** SHA-256 over all the members before it, as they stand in the line; hexadecimal. */
  readonly hash: string;
}

/** Where the chain ends. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

/** What is kept of the log elsewhere. */
export interface AuditKept extends AuditHead {
  /** Number of an entry that the log still has, and before which none must be missing but old ones. */
  readonly first: number;
}

/** SHA-256 of text as UTF-8, hexadecimal. */
export type HashText = (text: string) => string;

export const AUDIT_BEGIN: AuditKept = { sequence: 0, hash: "0".repeat(64), first: 1 };

/** The line, without its end, that an act becomes after the head. */
export function auditLine(act: AuditAct, head: AuditHead, hash: HashText) {
  const { time, actor, source, target, outcome } = act;
  const entry = {
    sequence: head.sequence + 1,
    time,
    actor,
    source,
    act: act.act,
    target,
    outcome,
    previous: head.hash,
  };
  const body = JSON.stringify(entry);
  const digest = hash(body);
  return {
    line: `${body.slice(0, -1)},"hash":"${digest}"}`,
    head: { sequence: entry.sequence, hash: digest },
  };
}

const LINE = /^(.*),"hash":"([0-9a-f]{64})"\}$/;

/** The entry that a line is, if the line is just as `auditLine` writes it; its place is not checked. */
export function parseAuditLine(line: string, hash: HashText): AuditEntry | undefined {
  const [, start, digest] = LINE.exec(line) ?? [];
  if (start === undefined || hash(`${start}}`) !== digest) return undefined;
  try {
    return JSON.parse(line) as AuditEntry;
  } catch {
    return undefined;
  }
}

/**
 * Follows the chain line by line: the first must be one that is known to be there, as old ones are let
 * go, and each further one must follow the one before.
 */
export class AuditChain {
  readonly #hash: HashText;
  #last: AuditHead | undefined;
  #lines = 0;
  #fault: string | undefined;
  /** Whether the line that the box last told of was met. */
  #met: boolean;
  readonly #kept: AuditKept;

  /** @param kept what is kept elsewhere: the log must reach from its first to its last */
  constructor(hash: HashText, kept: AuditKept) {
    this.#hash = hash;
    this.#kept = kept;
    this.#met = kept.sequence === 0;
  }

  /** The last line that is right. */
  get head(): AuditHead {
    return this.#last ?? this.#kept;
  }

  get lines(): number {
    return this.#lines;
  }

  take(line: string): void {
    if (this.#fault !== undefined) return;
    const entry = parseAuditLine(line, this.#hash);
    this.#fault = this.#faultOf(entry);
    if (!entry || this.#fault !== undefined) return;
    this.#lines++;
    this.#last = { sequence: entry.sequence, hash: entry.hash };
    if (entry.sequence !== this.#kept.sequence) return;
    if (entry.hash === this.#kept.hash) this.#met = true;
    else this.#fault = `entry ${entry.sequence} is not the one that the box wrote`;
  }

  /** What is wrong, for a person; undefined if nothing is. */
  end(): string | undefined {
    if (this.#fault !== undefined || this.#met) return this.#fault;
    const { sequence } = this.#kept;
    return this.#lines === 0
      ? `all ${sequence} entries are missing`
      : `entries up to ${sequence} are missing at its end`;
  }

  #faultOf(entry: AuditEntry | undefined): string | undefined {
    const number = this.#lines + 1;
    if (!entry) return `line ${number} was changed`;
    if (this.#last === undefined) {
      const { first } = this.#kept;
      return entry.sequence > first ? `entries from ${first} on are missing` : undefined;
    }
    const { sequence, hash } = this.#last;
    const follows = entry.sequence === sequence + 1 && entry.previous === hash;
    return follows ? undefined : `line ${number} does not follow the one before it`;
  }
}
