import type { ContactKey, ContactRecord } from "../../src/domain/contact.ts";

/** What the ledger should do, by filtering one array and copying it before every change. */
export class NaiveLedger {
  /** In discard order. */
  records: readonly ContactRecord[] = [];
  readonly #mark: () => number;
  #history: { mark: number; records: readonly ContactRecord[] }[] = [];

  /** @param mark the real ledger's mark now, so that history can be told by it */
  constructor(mark: () => number) {
    this.#mark = mark;
    this.#remember();
  }

  put(record: ContactRecord): void {
    const others = this.records
      .filter((held) => held.cmid !== record.cmid || held.product !== record.product)
      .map((held) => (held.cmid === record.cmid ? withWideOf(held, record) : held));
    const later = others.findIndex((held) => held.lastContactMs > record.lastContactMs);
    this.records = others.toSpliced(later === -1 ? others.length : later, 0, record);
    this.#remember();
  }

  discard(cmid: string, product: string): ContactRecord | undefined {
    const found = this.records.find((held) => held.cmid === cmid && held.product === product);
    this.records = this.records.filter((held) => held !== found);
    this.#remember();
    return found;
  }

  count(application: string): number {
    return this.#cmidsOf(application).size;
  }

  countWith(application: string, cmid: string): number {
    return this.#cmidsOf(application).add(cmid).size;
  }

  contactedUntil(untilMs: number, limit: number): ContactKey[] {
    return this.records
      .filter((held) => held.lastContactMs <= untilMs)
      .slice(0, limit)
      .map(({ cmid, product }) => ({ cmid, product }));
  }

  /** Settles the state of some steps ago. */
  settle(ago: number, real: (mark: number) => void): void {
    this.#history = this.#history.slice(this.#indexOf(ago));
    const [oldest] = this.#history;
    if (oldest !== undefined) real(oldest.mark);
  }

  /** Returns to the state of some steps ago, but not past what is settled. */
  rollback(ago: number, real: (mark: number) => void): void {
    this.#history = this.#history.slice(0, this.#indexOf(ago) + 1);
    const last = this.#history.at(-1);
    if (last === undefined) return;
    this.records = last.records;
    real(last.mark);
  }

  #indexOf(ago: number): number {
    return Math.max(0, this.#history.length - 1 - ago);
  }

  #remember(): void {
    this.#history.push({ mark: this.#mark(), records: this.records });
  }

  #cmidsOf(application: string): Set<string> {
    const records = this.records.filter((held) => held.application === application);
    return new Set(records.map((held) => held.cmid));
  }
}

function withWideOf(held: ContactRecord, record: ContactRecord): ContactRecord {
  const { hostname, fingerprint, agent, issuedAtSec, jtis } = record;
  return { ...held, hostname, fingerprint, agent, issuedAtSec, jtis };
}
