import type { Policy } from "./policy.ts";

/** One reading of a client's clocks. */
export interface Instant {
  /** Wall time, milliseconds since 1970; may step. */
  readonly wallMs: number;
  /** Monotonic milliseconds since the reading before it, or a lower bound of them; 0 if absent. */
  readonly elapsedMs?: number;
  /** The machine may have been off in between, so that more than `elapsedMs` may have passed. */
  readonly resumed?: boolean;
}

/**
 * A client's time: the wall clock, but never behind what was already reached. Setting the wall
 * clock back therefore does not bring back time that a lease has used up, and a running client goes
 * on counting by its monotonic clock.
 */
export interface ClientTime {
  /** High-water mark of time; what the client takes for now. */
  readonly markMs: number;
  /** The wall clock at the same reading. */
  readonly wallMs: number;
  /** How far the mark was ahead of the wall clock when that was last reported. */
  readonly reportedAheadMs: number;
}

export interface ClockStep {
  readonly direction: "back" | "forward";
  readonly byMs: number;
}

export interface Observation {
  readonly time: ClientTime;
  /** A step larger than the clock skew that a host tolerates; smaller ones make no difference. */
  readonly step?: ClockStep;
}

export function startTime(at: Instant): ClientTime {
  return { markMs: at.wallMs, wallMs: at.wallMs, reportedAheadMs: 0 };
}

/** Advances a client's time to a reading. It never goes back. */
export function observe(time: ClientTime, at: Instant, policy: Policy): Observation {
  const elapsedMs = Math.max(0, at.elapsedMs ?? 0);
  const markMs = Math.max(at.wallMs, time.markMs + elapsedMs);
  const aheadMs = markMs - at.wallMs;
  const backMs = aheadMs - time.reportedAheadMs;
  if (backMs > policy.clockSkewMs) {
    return {
      time: { markMs, wallMs: at.wallMs, reportedAheadMs: aheadMs },
      step: { direction: "back", byMs: backMs },
    };
  }
  const reportedAheadMs = Math.min(time.reportedAheadMs, aheadMs);
  const forwardMs = at.wallMs - time.wallMs - elapsedMs;
  const observed = { markMs, wallMs: at.wallMs, reportedAheadMs };
  if (at.elapsedMs !== undefined && !at.resumed && forwardMs > policy.clockSkewMs) {
    return { time: observed, step: { direction: "forward", byMs: forwardMs } };
  }
  return { time: observed };
}

/**
 * Sets the mark by a lease that answers this client's own request: its time of issue is vouched for
 * by the host's signature. Only this may lower the mark, so that a wall clock that once stood in
 * the far future does not cost a client its activation for good.
 */
export function anchorTime(at: Instant, issuedMs: number): ClientTime {
  const markMs = Math.max(at.wallMs, issuedMs);
  return { markMs, wallMs: at.wallMs, reportedAheadMs: markMs - at.wallMs };
}
