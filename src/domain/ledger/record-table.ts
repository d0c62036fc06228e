import { LICENCE_STATUSES, type LicenceStatus } from "../status.ts";
import { Interned } from "./interned.ts";
import { NONE, Rows } from "./rows.ts";

/** What a record has of its own; the rest it shares with the CMID's other records. */
export interface RecordMembers {
  readonly product: string;
  readonly application: string;
  readonly status: LicenceStatus;
  readonly firstContactMs: number;
  readonly lastContactMs: number;
  readonly leaseExpiresMs: number;
}

const ROW_BYTES = 48;
const NUMBER = { firstContact: 0, lastContact: 1, leaseExpires: 2 } as const;
const WORD = { client: 6, product: 7, previous: 8, next: 9, sibling: 10, tag: 11 } as const;

// The tag is application and status in one word; 0 in a place that is not in use.
const FREE = 0;
const TAG_STATUSES = 8;

/** One row for each record: its own members, and its links to the client and in the discard order. */
export class RecordTable {
  readonly #rows = new Rows(ROW_BYTES);
  readonly #products = new Interned();
  readonly #applications = new Interned();

  get size(): number {
    return this.#rows.live;
  }

  get places(): number {
    return this.#rows.places;
  }

  holds(place: number): boolean {
    return place >= 0 && place < this.places && this.#rows.word(place, WORD.tag) !== FREE;
  }

  add(client: number, members: RecordMembers): number {
    const place = this.#rows.take();
    this.#rows.setWord(place, WORD.client, client);
    this.#rows.setWord(place, WORD.sibling, NONE);
    this.#rows.setWord(place, WORD.product, this.#products.use(members.product));
    this.#rows.setWord(place, WORD.tag, this.#newTag(members));
    this.#setTimes(place, members);
    return place;
  }

  /** Writes members of the same product over a record's. */
  set(place: number, members: RecordMembers): void {
    const tag = this.#newTag(members);
    this.#applications.drop(this.#applicationId(place));
    this.#rows.setWord(place, WORD.tag, tag);
    this.#setTimes(place, members);
  }

  remove(place: number): void {
    this.#products.drop(this.#rows.word(place, WORD.product));
    this.#applications.drop(this.#applicationId(place));
    this.#rows.setWord(place, WORD.tag, FREE);
    this.#rows.release(place);
  }

  members(place: number): RecordMembers {
    return {
      product: this.product(place),
      application: this.application(place),
      status: this.#status(place),
      firstContactMs: this.#rows.number(place, NUMBER.firstContact),
      lastContactMs: this.lastContactMs(place),
      leaseExpiresMs: this.#rows.number(place, NUMBER.leaseExpires),
    };
  }

  product(place: number): string {
    return this.#products.text(this.#rows.word(place, WORD.product));
  }

  application(place: number): string {
    return this.#applications.text(this.#applicationId(place));
  }

  lastContactMs(place: number): number {
    return this.#rows.number(place, NUMBER.lastContact);
  }

  client(place: number): number {
    return this.#rows.word(place, WORD.client);
  }

  /** The next record of the same client. */
  sibling(place: number): number {
    return this.#rows.word(place, WORD.sibling);
  }

  setSibling(place: number, sibling: number): void {
    this.#rows.setWord(place, WORD.sibling, sibling);
  }

  previous(place: number): number {
    return this.#rows.word(place, WORD.previous);
  }

  setPrevious(place: number, previous: number): void {
    this.#rows.setWord(place, WORD.previous, previous);
  }

  next(place: number): number {
    return this.#rows.word(place, WORD.next);
  }

  setNext(place: number, next: number): void {
    this.#rows.setWord(place, WORD.next, next);
  }

  #newTag(members: RecordMembers): number {
    const status = LICENCE_STATUSES.indexOf(members.status) + 1;
    return (this.#applications.use(members.application) + 1) * TAG_STATUSES + status;
  }

  #applicationId(place: number): number {
    return Math.floor(this.#rows.word(place, WORD.tag) / TAG_STATUSES) - 1;
  }

  #status(place: number): LicenceStatus {
    const status = (this.#rows.word(place, WORD.tag) % TAG_STATUSES) - 1;
    return LICENCE_STATUSES[status] ?? "unlicensed";
  }

  #setTimes(place: number, members: RecordMembers): void {
    this.#rows.setNumber(place, NUMBER.firstContact, members.firstContactMs);
    this.#rows.setNumber(place, NUMBER.lastContact, members.lastContactMs);
    this.#rows.setNumber(place, NUMBER.leaseExpires, members.leaseExpiresMs);
  }
}
