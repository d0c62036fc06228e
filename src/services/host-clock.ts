import {
  CLOCK_AUTHORITIES,
  type ClockAnchor,
  type ClockEvidence,
  type ClockMoment,
  type ClockVerdict,
  expectedTime,
  judgeClock,
  likelyTime,
} from "../domain/clock.ts";
import { HOUR_MS, SECOND_MS } from "../domain/units.ts";
import type { BootClock, ClockReading, ClockSources } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { CmidStore, StateChange } from "../ports/store.ts";
import { describeVerdict } from "./clock-wording.ts";
import { clockDocument, parseKeptClock } from "./kept-clock.ts";

/** What NTP corrects by more than this at once is called a step. */
const STEP_MS = 5 * SECOND_MS;
/** How often the time is kept on flash when no request does it; each costs a write. */
const KEEP_MS = HOUR_MS;

/** `nowMs` is the machine's clock, or while that cannot be right the latest time that is known. */
export type HostTime =
  | { readonly trusted: true; readonly nowMs: number; readonly source: string }
  | { readonly trusted: false; readonly nowMs: number; readonly reason: string };

/** A jump of the wall clock while the service ran. */
export interface ClockStep {
  readonly fromMs: number;
  readonly toMs: number;
}

/** All that is known of the clock. */
export interface ClockState {
  readonly time: HostTime;
  readonly wallMs: number;
  readonly verdict: ClockVerdict;
  readonly markMs: number;
  /** What the clock should say at most if the machine was not switched off. */
  readonly expectedMs: number | null;
  readonly readings: readonly ClockReading[];
  readonly lastStep: ClockStep | null;
}

export interface HostClockParts {
  readonly clock: BootClock;
  readonly sources: ClockSources;
  readonly store: Pick<CmidStore, "timeMarkMs" | "documents" | "commit">;
  readonly events: EventLog;
  /** Differs from boot to boot; null where unknown. */
  readonly bootId: string | null;
}

/**
 * The wall clock as the host may use it: vouched for, never behind the high-water mark on flash, and
 * never further ahead of what is known than time can have passed.
 */
export class HostClock {
  readonly #parts: HostClockParts;
  /** The administrator's word for this boot, and when it was given by the wall clock. */
  #wordMs: number | null;
  #anchor: ClockAnchor | null;
  #heldSince: ClockMoment | null = null;
  #seen: ClockMoment | undefined;
  #lastStep: ClockStep | null = null;
  /** From the monotonic clock to the time since the machine was started. */
  #offsetMs: number;
  #keptAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: HostClockParts) {
    this.#parts = parts;
    const { clock, store, bootId } = parts;
    this.#offsetMs = clock.sinceBootMs() - clock.monotonicMs();
    const kept = parseKeptClock(store.documents, bootId);
    this.#anchor = kept?.anchor ?? null;
    this.#wordMs = kept?.wordMs ?? null;
  }

  monotonicMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  /** While `trusted` is false nothing may be discarded and no lease signed. */
  read(): HostTime {
    return this.#read().time;
  }

  /** As `read`, with everything that an administrator may want to know. */
  state(): ClockState {
    const { time, verdict, evidence } = this.#read();
    return {
      time,
      wallMs: evidence.now.wallMs,
      verdict,
      markMs: evidence.markMs,
      expectedMs: expectedTime(evidence),
      readings: this.#readings(evidence.now),
      lastStep: this.#lastStep,
    };
  }

  /** What is told to be of now by the administrator: it stands until the machine is started again. */
  takeWord(): void {
    const now = this.#moment();
    this.#wordMs = now.wallMs;
    this.#heldSince = null;
    this.#anchor = { ...now, byNtp: false };
  }

  /** The wall clock and the time since the machine was started. */
  get now(): ClockMoment {
    return this.#moment();
  }

  /** The document that lets the next run of this boot know what this one knows; with `word`, that too. */
  documentOf(anchor: ClockAnchor, wordMs: number | null): StateChange[] {
    const { bootId } = this.#parts;
    return bootId === null ? [] : [clockDocument({ bootId, anchor, wordMs })];
  }

  /**
   * Keeps the time on flash, at most once an hour. While it is not trusted nothing is kept.
   *
   * @throws {StorageFailedError}
   */
  async keep(): Promise<void> {
    const { time, evidence } = this.#read();
    const isDue = evidence.now.elapsedMs - this.#keptAtMs >= KEEP_MS;
    if (!time.trusted || !isDue || this.#anchor === null) return;
    await this.#parts.store.commit([
      { op: "time", timeMs: time.nowMs },
      ...this.documentOf(this.#anchor, this.#wordMs),
    ]);
    this.#keptAtMs = evidence.now.elapsedMs;
  }

  #read(): { time: HostTime; verdict: ClockVerdict; evidence: ClockEvidence } {
    const { store, sources } = this.#parts;
    const now = this.#moment();
    const source = best(this.#readings(now));
    const evidence = {
      now,
      markMs: store.timeMarkMs,
      authority: source?.authority ?? null,
      anchor: this.#anchor,
      heldSince: this.#heldSince,
    };
    const verdict = judgeClock(evidence);
    const nowMs = likelyTime(evidence, verdict);
    this.#heldSince = verdict.kind === "ahead" ? verdict.heldSince : null;
    if (verdict.kind === "good" && source) {
      const byNtp = source.authority === "ntp" || (this.#anchor?.byNtp ?? false);
      this.#anchor = { wallMs: now.wallMs, elapsedMs: now.elapsedMs, byNtp };
      return { time: { trusted: true, nowMs, source: source.detail }, verdict, evidence };
    }
    const reason = describeVerdict(verdict, now.wallMs, sources.lacking);
    return { time: { trusted: false, nowMs, reason }, verdict, evidence };
  }

  #readings(now: ClockMoment): readonly ClockReading[] {
    const readings = this.#parts.sources.readings();
    if (this.#wordMs === null) return readings;
    const ageMs = Math.max(0, now.wallMs - this.#wordMs);
    return [...readings, { ...ADMINISTRATORS_WORD, ageMs }];
  }

  /** Reads both clocks, and tells if they went apart since the last time. */
  #moment(): ClockMoment {
    const { clock } = this.#parts;
    const wallMs = clock.nowMs();
    const monotonicMs = clock.monotonicMs();
    const seen = this.#seen;
    if (seen && stepBetween(seen, wallMs, monotonicMs + this.#offsetMs) > STEP_MS) {
      // The machine may have slept: the monotonic clock did as well.
      this.#offsetMs = Math.max(this.#offsetMs, clock.sinceBootMs() - monotonicMs);
    }
    const now = { wallMs, elapsedMs: monotonicMs + this.#offsetMs };
    const stepMs = seen ? stepBetween(seen, wallMs, now.elapsedMs) : 0;
    this.#seen = now;
    if (Math.abs(stepMs) > STEP_MS) this.#tellStep(wallMs - stepMs, wallMs);
    return now;
  }

  #tellStep(fromMs: number, toMs: number): void {
    this.#lastStep = { fromMs, toMs };
    const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
    const seconds = Math.round((toMs - fromMs) / SECOND_MS);
    this.#parts.events.record(
      "clock-stepped",
      `The clock was set ${seconds > 0 ? "forward" : "back"} while the service ran, from ${from} ` +
        `to ${to}.`,
      { from, to, seconds },
    );
  }
}

const ADMINISTRATORS_WORD = {
  name: "administrator",
  authority: "administrator",
  trusted: true,
  detail: "the administrator's word for this boot",
} as const satisfies Partial<ClockReading>;

/** How far the wall clock has gone apart from the time since the start. */
function stepBetween(seen: ClockMoment, wallMs: number, elapsedMs: number): number {
  return wallMs - seen.wallMs - (elapsedMs - seen.elapsedMs);
}

/** The most reliable source that vouches for the clock. */
function best(readings: readonly ClockReading[]): ClockReading | undefined {
  let found: ClockReading | undefined;
  for (const reading of readings) {
    if (reading.trusted && (!found || rank(reading) < rank(found))) found = reading;
  }
  return found;
}

function rank({ authority }: ClockReading): number {
  return CLOCK_AUTHORITIES.indexOf(authority);
}
