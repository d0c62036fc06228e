import type { StoreNotice } from "../../ports/store.ts";

/** Kept for listeners that come late; a box runs for years. */
const MOST_KEPT = 100;

/** Hands notices to listeners, those from before they came too. */
export class NoticeBoard {
  readonly #listeners: ((notice: StoreNotice) => void)[] = [];
  readonly #kept: StoreNotice[] = [];

  /** Calls the listener with what was noticed so far and with everything from now on. */
  listen(listener: (notice: StoreNotice) => void): void {
    for (const notice of [...this.#kept]) listener(notice);
    this.#listeners.push(listener);
  }

  post(notice: StoreNotice): void {
    this.#kept.push(notice);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(notice);
  }
}
