import { POLICY_RANGES, type Policy } from "./policy.ts";
import { MINUTE_MS, SECOND_MS } from "./units.ts";

/** Largest part of an interval by which an attempt comes early, so that a fleet spreads out. */
export const EARLIEST_PART = 0.05;
/** Largest part by which an attempt comes later than `Retry-After` asks, for the same reason. */
const LATEST_PART = 0.5;
/** Shortest pause after a `Retry-After`; it doubles with every failure in a row. */
const SHORTEST_PAUSE_MS = 10 * SECOND_MS;

/** When a client contacts its host next, in the client's time. */
export interface Schedule {
  /** In force: as the host told, within bounds, else the client's own policy. */
  readonly renewalIntervalMs: number;
  readonly retryIntervalMs: number;
  readonly nextAttemptMs: number;
  /** Attempts in a row that did not activate. */
  readonly failures: number;
}

/** Intervals as a host tells them. They are not signed, so they are taken within bounds only. */
export interface ToldIntervals {
  readonly renewalIntervalMs?: number;
  readonly retryIntervalMs?: number;
}

/** The first attempt is due at once. */
export function firstSchedule(nowMs: number, policy: Policy): Schedule {
  return {
    renewalIntervalMs: policy.renewalIntervalMs,
    retryIntervalMs: policy.retryIntervalMs,
    nextAttemptMs: nowMs,
    failures: 0,
  };
}

/**
 * After an activation: one renewal interval later, or up to 5 % earlier. It leaves time for one
 * more try before the lease ends.
 *
 * @param random in [0, 1)
 */
export function scheduleRenewal(
  schedule: Schedule,
  told: ToldIntervals,
  leaseEndsMs: number,
  nowMs: number,
  random: number,
): Schedule {
  const intervals = withTold(schedule, told);
  const latestMs = leaseEndsMs - nowMs - intervals.retryIntervalMs;
  const intervalMs = Math.max(MINUTE_MS, Math.min(intervals.renewalIntervalMs, latestMs));
  return { ...intervals, nextAttemptMs: nowMs + early(intervalMs, random), failures: 0 };
}

/**
 * After anything else: one retry interval later, or up to 5 % earlier. A `Retry-After` can only make
 * it sooner: the rule is that a client asks again within the retry interval.
 *
 * @param random in [0, 1)
 */
export function scheduleRetry(
  schedule: Schedule,
  told: ToldIntervals & { readonly retryAfterMs?: number },
  nowMs: number,
  random: number,
): Schedule {
  const intervals = withTold(schedule, told);
  const failures = schedule.failures + 1;
  const retryMs = early(intervals.retryIntervalMs, random);
  const pauseMs =
    told.retryAfterMs === undefined
      ? retryMs
      : Math.min(retryMs, pauseAfter(told.retryAfterMs, schedule.failures, random));
  return { ...intervals, nextAttemptMs: nowMs + pauseMs, failures };
}

/** Makes the next attempt due now. */
export function scheduleNow(schedule: Schedule, nowMs: number): Schedule {
  return { ...schedule, nextAttemptMs: Math.min(schedule.nextAttemptMs, nowMs) };
}

/** No attempt is further off than one renewal interval, whatever became of the clock. */
export function withinReach(schedule: Schedule, nowMs: number): Schedule {
  const latestMs = nowMs + schedule.renewalIntervalMs;
  return schedule.nextAttemptMs <= latestMs ? schedule : { ...schedule, nextAttemptMs: latestMs };
}

function withTold(schedule: Schedule, told: ToldIntervals): Schedule {
  const renewalIntervalMs = bounded(
    told.renewalIntervalMs ?? schedule.renewalIntervalMs,
    POLICY_RANGES.renewalIntervalMs,
  );
  const retryIntervalMs = Math.min(
    renewalIntervalMs,
    bounded(told.retryIntervalMs ?? schedule.retryIntervalMs, POLICY_RANGES.retryIntervalMs),
  );
  return { ...schedule, renewalIntervalMs, retryIntervalMs };
}

function early(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (1 - EARLIEST_PART * random));
}

function pauseAfter(retryAfterMs: number, failures: number, random: number): number {
  const shortestMs = SHORTEST_PAUSE_MS * 2 ** Math.min(failures, 16);
  return Math.round(Math.max(retryAfterMs, shortestMs) * (1 + LATEST_PART * random));
}

function bounded(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
