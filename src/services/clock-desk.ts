import { EARLIEST_MS, MOST_BACKWARD_MS, MOST_LEAP_MS } from "../domain/clock.ts";
import type { ContactRecord } from "../domain/contact.ts";
import { KmsError } from "../domain/errors.ts";
import { SECOND_MS } from "../domain/units.ts";
import type { ClockSetter } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { CmidStore, StateChange } from "../ports/store.ts";
import { timeText } from "./clock-wording.ts";
import type { ClockState, HostClock } from "./host-clock.ts";

/** Records that are corrected in one write. */
const CORRECTED_AT_ONCE = 256;

/** No box can have run at that time. */
export class ClockImplausibleError extends KmsError {
  readonly code = "clock-implausible";
}

/** What was asked for changes more than the clock; the message says what. */
export class ClockNeedsYesError extends KmsError {
  readonly code = "clock-needs-yes";
}

export interface ClockDeskParts {
  readonly clock: HostClock;
  readonly store: CmidStore;
  readonly setter: ClockSetter;
  readonly events: EventLog;
}

/** What the administrator says of the clock. */
export class ClockDesk {
  readonly #parts: ClockDeskParts;

  constructor(parts: ClockDeskParts) {
    this.#parts = parts;
  }

  state(): ClockState {
    return this.#parts.clock.state();
  }

  /**
   * Takes the administrator's word that the clock is right, until the machine is started again. If the
   * latest time known is later, it was wrong, and is put right with what was recorded under it.
   *
   * @param yes without it a clock that is not near what is known is refused
   * @throws {ClockImplausibleError} @throws {ClockNeedsYesError} @throws {StorageFailedError}
   */
  async trust(yes: boolean): Promise<ClockState> {
    this.#check(this.#parts.clock.now.wallMs, yes);
    await this.#accept();
    return this.state();
  }

  /**
   * Sets the machine's clock and trusts it, as `trust` does.
   *
   * @throws {ClockNotPermittedError} @throws {ClockNotSetError} and what `trust` throws
   */
  async set(timeMs: number, yes: boolean): Promise<ClockState> {
    this.#check(timeMs, yes);
    await this.#parts.setter.set(timeMs);
    await this.#accept();
    return this.state();
  }

  #check(timeMs: number, yes: boolean): void {
    const time = timeText(timeMs);
    if (timeMs < EARLIEST_MS) {
      throw new ClockImplausibleError(
        `The clock cannot be right at ${time}, before this program was made. Set it: kms-box clock ` +
          "set TIME.",
      );
    }
    if (yes) return;
    const { markMs, expectedMs } = this.state();
    if (timeMs < markMs - MOST_BACKWARD_MS) {
      throw new ClockNeedsYesError(
        `It was ${timeText(markMs)} before, which is later than ${time}. If that was wrong and ` +
          `${time} is right, say so with --yes: then what was recorded later counts as recorded now.`,
      );
    }
    if (expectedMs !== null && timeMs > expectedMs + MOST_LEAP_MS) {
      throw new ClockNeedsYesError(
        `The last time that this box knows of is ${timeText(expectedMs)}. If ${time} is right, say ` +
          "so with --yes: then every CMID whose retention ended by then is discarded.",
      );
    }
  }

  async #accept(): Promise<void> {
    const { clock, store, events } = this.#parts;
    const { now } = clock;
    const markMs = store.timeMarkMs;
    const lowers = now.wallMs < markMs - MOST_BACKWARD_MS;
    const corrected = lowers ? await this.#correctLater(now.wallMs) : 0;
    await store.commit([
      { op: "time", timeMs: now.wallMs, ...(lowers && { lowers }) },
      ...clock.documentOf({ ...now, byNtp: false }, now.wallMs),
    ]);
    clock.takeWord();
    const time = timeText(now.wallMs);
    events.record(
      "clock-confirmed",
      `The administrator vouches for the clock, which says ${time}, until the machine is started again.`,
      { time },
    );
    if (!lowers) return;
    const before = timeText(markMs);
    events.record(
      "clock-mark-lowered",
      `The latest time known was ${before}, and is ${time} by the administrator's word; ` +
        `${corrected} records that were later are of now.`,
      { before, time, corrected },
    );
  }

  /** A contact in the future would count until then, and its client be refused as replaying. */
  async #correctLater(nowMs: number): Promise<number> {
    const { ledger } = this.#parts.store;
    let corrected = 0;
    let changes: StateChange[] = [];
    for (let place = 0; place < ledger.places; place++) {
      const record = ledger.at(place);
      if (record === undefined || !isLater(record, nowMs)) continue;
      changes.push({ op: "put", record: broughtBack(record, nowMs) });
      corrected++;
      if (changes.length < CORRECTED_AT_ONCE) continue;
      await this.#parts.store.commit(changes);
      changes = [];
    }
    if (changes.length > 0) await this.#parts.store.commit(changes);
    return corrected;
  }
}

function isLater({ lastContactMs, issuedAtSec }: ContactRecord, nowMs: number): boolean {
  return lastContactMs > nowMs || issuedAtSec > nowMs / SECOND_MS;
}

function broughtBack(record: ContactRecord, nowMs: number): ContactRecord {
  return {
    ...record,
    firstContactMs: Math.min(record.firstContactMs, nowMs),
    lastContactMs: Math.min(record.lastContactMs, nowMs),
    issuedAtSec: Math.min(record.issuedAtSec, Math.floor(nowMs / SECOND_MS)),
  };
}
