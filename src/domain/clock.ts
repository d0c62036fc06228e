import { DAY_MS, MINUTE_MS } from "./units.ts";

/** What vouches for the clock, the most reliable first. */
export const CLOCK_AUTHORITIES = ["ntp", "administrator", "rtc", "system"] as const;
export type ClockAuthority = (typeof CLOCK_AUTHORITIES)[number];

/** 1 January 2025: no box can have run before. */
export const EARLIEST_MS = 1_735_689_600_000;
/** How far NTP may set a running clock back behind the mark without the host losing trust in it. */
export const MOST_BACKWARD_MS = MINUTE_MS;
/** How far ahead of what is known a clock is believed at once, whatever happened. */
export const MOST_LEAP_MS = DAY_MS;
/** How long a box may have been switched off for its clock to be believed when it is back. */
export const LONGEST_ABSENCE_MS = 400 * DAY_MS;
/** How far from `EARLIEST_MS` a clock that is no NTP may be where nothing else is known. */
const FIRST_START_SPAN_MS = 3652 * DAY_MS;
/** How long NTP must stay with a time that a running box did not expect. */
export const CONFIRMATION_MS = DAY_MS;
/** How far the clock may move meanwhile. */
const MOST_WANDERING_MS = MINUTE_MS;

/** The two clocks at one moment. */
export interface ClockMoment {
  readonly wallMs: number;
  /** Milliseconds since the machine was started, those in which it slept included; never steps. */
  readonly elapsedMs: number;
}

/** A moment of this boot at which the clock was trusted. */
export interface ClockAnchor extends ClockMoment {
  /** Whether NTP vouched for it then, or earlier in this boot. */
  readonly byNtp: boolean;
}

/** All that a clock is judged by. */
export interface ClockEvidence {
  readonly now: ClockMoment;
  /** The latest time known from flash; 0 if there is none. */
  readonly markMs: number;
  /** The most reliable source that vouches for the clock; null if none does. */
  readonly authority: ClockAuthority | null;
  readonly anchor: ClockAnchor | null;
  /** When a time began that was not expected. */
  readonly heldSince: ClockMoment | null;
}

export type ClockVerdict =
  | { readonly kind: "good" }
  | { readonly kind: "unvouched" }
  /** It was later already. */
  | { readonly kind: "behind"; readonly leastMs: number }
  | {
      readonly kind: "ahead";
      /** What it should be at most; null where nothing is known. */
      readonly expectedMs: number | null;
      readonly heldSince: ClockMoment;
      /** When NTP will have said so for long enough; null if only the administrator's word helps. */
      readonly confirmedInMs: number | null;
    };

/**
 * Whether the wall clock can be relied on.
 *
 * Somebody must vouch for it; it must not be behind the latest time known; and it must not be further
 * ahead of that than the time that can have passed: while the machine runs that is known to the
 * second, and after a start it may have been switched off for long.
 */
export function judgeClock(evidence: ClockEvidence): ClockVerdict {
  const { now, markMs, authority } = evidence;
  if (authority === null) return { kind: "unvouched" };
  if (now.wallMs < EARLIEST_MS || now.wallMs < markMs - MOST_BACKWARD_MS) {
    return { kind: "behind", leastMs: Math.max(EARLIEST_MS, markMs) };
  }
  const expectedMs = expectedTime(evidence);
  const leadMs = expectedMs === null ? 0 : now.wallMs - expectedMs;
  if (expectedMs === null) {
    const near = now.wallMs <= EARLIEST_MS + FIRST_START_SPAN_MS;
    if (near || authority === "ntp") return { kind: "good" };
  } else if (leadMs <= MOST_LEAP_MS || isLikely(evidence, leadMs)) {
    return { kind: "good" };
  }
  const heldSince = stillHeld(evidence) ?? now;
  const heldMs = now.elapsedMs - heldSince.elapsedMs;
  const canConfirm = authority === "ntp" && leadMs <= LONGEST_ABSENCE_MS;
  if (canConfirm && heldMs >= CONFIRMATION_MS) return { kind: "good" };
  const confirmedInMs = canConfirm ? CONFIRMATION_MS - heldMs : null;
  return { kind: "ahead", expectedMs, heldSince, confirmedInMs };
}

/** What the clock should say at most if the machine was not switched off; null if nothing is known. */
export function expectedTime({
  now,
  markMs,
  anchor,
}: Pick<ClockEvidence, "now" | "markMs" | "anchor">): number | null {
  if (anchor) return Math.max(markMs, anchor.wallMs + now.elapsedMs - anchor.elapsedMs);
  return markMs > 0 ? markMs : null;
}

/** The time to go by: the clock's, or while that cannot be right the latest that is known. */
export function likelyTime(evidence: ClockEvidence, { kind }: ClockVerdict): number {
  const { wallMs } = evidence.now;
  if (kind === "good") return Math.max(wallMs, evidence.markMs);
  const expectedMs = expectedTime(evidence);
  if (expectedMs === null) return wallMs;
  const isPossible = wallMs >= evidence.markMs && wallMs <= expectedMs + LONGEST_ABSENCE_MS;
  return kind === "unvouched" && isPossible ? wallMs : expectedMs;
}

/** Whether something explains so long a lead. */
function isLikely({ anchor, authority }: ClockEvidence, leadMs: number): boolean {
  if (leadMs > LONGEST_ABSENCE_MS) return false;
  // The machine was off, or its first answer of a time server puts right what it had until then.
  return anchor === null || (authority === "ntp" && !anchor.byNtp);
}

/** The moment since which the clock has said, by going on evenly, what it says now. */
function stillHeld({ now, heldSince, authority }: ClockEvidence): ClockMoment | null {
  if (heldSince === null || authority !== "ntp") return null;
  const wouldBeMs = heldSince.wallMs + now.elapsedMs - heldSince.elapsedMs;
  return Math.abs(now.wallMs - wouldBeMs) <= MOST_WANDERING_MS ? heldSince : null;
}
