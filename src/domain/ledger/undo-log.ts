import type { ContactRecord } from "../contact.ts";
import type { ClientWide } from "./client-table.ts";

/** What was before a change. `after` is the place it followed in the discard order. */
export type Undo =
  | { readonly kind: "added"; readonly place: number; readonly wide: ClientWide | undefined }
  | { readonly kind: "replaced"; readonly record: ContactRecord; readonly after: number }
  | { readonly kind: "discarded"; readonly record: ContactRecord; readonly after: number };

/**
 * Changes that may have to be taken back, oldest first. Positions are never used twice, so that a
 * mark keeps its meaning after a rollback.
 */
export class UndoLog {
  readonly #entries: { readonly position: number; readonly undo: Undo }[] = [];
  #position = 0;
  /** Position of the last change that cannot be taken back any more. */
  #settled = 0;

  get position(): number {
    return this.#position;
  }

  push(undo: Undo): void {
    this.#entries.push({ position: ++this.#position, undo });
  }

  settle(mark: number): void {
    const kept = this.#entries.findIndex((entry) => entry.position > mark);
    const settled = this.#entries.splice(0, kept === -1 ? this.#entries.length : kept);
    this.#settled = settled.at(-1)?.position ?? this.#settled;
  }

  /**
   * Takes what was changed after the mark out of the log, last first.
   *
   * @throws {RangeError} the mark is settled past.
   */
  *takeBack(mark: number): Generator<Undo> {
    if (mark < this.#settled) {
      throw new RangeError(`changes up to ${this.#settled} are settled; cannot return to ${mark}`);
    }
    for (;;) {
      const last = this.#entries.at(-1);
      if (last === undefined || last.position <= mark) return;
      this.#entries.pop();
      yield last.undo;
    }
  }
}
