import type { RecordTable } from "./record-table.ts";
import { NONE } from "./rows.ts";

/** The records in order of their last contact: the first is discarded next. */
export class DiscardOrder {
  readonly #records: RecordTable;
  #first = NONE;
  #last = NONE;

  constructor(records: RecordTable) {
    this.#records = records;
  }

  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  /**
   * The place after which a record with this last contact belongs; `NONE` if it comes first. Found
   * from the end: contacts come in order of time unless the clock was set back.
   */
  seat(lastContactMs: number): number {
    let after = this.#last;
    while (after !== NONE && this.#records.lastContactMs(after) > lastContactMs) {
      after = this.#records.previous(after);
    }
    return after;
  }

  link(place: number, after: number): void {
    const next = after === NONE ? this.#first : this.#records.next(after);
    this.#records.setPrevious(place, after);
    this.#records.setNext(place, next);
    this.#join(after, place);
    this.#join(place, next);
  }

  /** Takes a record out and returns the place after which it was. */
  unlink(place: number): number {
    const previous = this.#records.previous(place);
    this.#join(previous, this.#records.next(place));
    return previous;
  }

  /** Restores the order by time after records were linked without regard to it. */
  sort(): void {
    const places = new Uint32Array(this.#records.size);
    let inOrder = true;
    let latestMs = Number.NEGATIVE_INFINITY;
    let count = 0;
    for (let place = this.#first; place !== NONE; place = this.#records.next(place)) {
      places[count++] = place;
      const contactMs = this.#records.lastContactMs(place);
      if (contactMs < latestMs) inOrder = false;
      latestMs = contactMs;
    }
    if (inOrder) return;
    places.sort((a, b) => this.#records.lastContactMs(a) - this.#records.lastContactMs(b));
    this.#first = NONE;
    this.#last = NONE;
    for (const place of places) this.link(place, this.#last);
  }

  #join(previous: number, next: number): void {
    if (previous === NONE) this.#first = next;
    else this.#records.setNext(previous, next);
    if (next === NONE) this.#last = previous;
    else this.#records.setPrevious(next, previous);
  }
}
