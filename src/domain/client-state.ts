import {
  firstSchedule,
  type Schedule,
  scheduleNow,
  scheduleRenewal,
  scheduleRetry,
  withinReach,
} from "./client-schedule.ts";
import {
  anchorTime,
  type ClientTime,
  type ClockStep,
  type Instant,
  observe,
  startTime,
} from "./client-time.ts";
import type { Policy } from "./policy.ts";
import type { LicenceStatus } from "./status.ts";
import { MINUTE_MS } from "./units.ts";

/**
 * What a client knows of its activation for one product. Plain data that JSON can hold; one machine
 * runs per client and product.
 */
export type ClientState = { readonly kind: "uninstalled" } | InstalledState;

export interface InstalledState {
  readonly kind: "installed";
  /** Start of the initial grace. */
  readonly installedMs: number;
  readonly time: ClientTime;
  /** The lease in force or last in force; null before the first activation. */
  readonly lease: LeaseTimes | null;
  readonly schedule: Schedule;
  readonly lastAttempt: Attempt | null;
}

/** Times of a verified lease, by the host's clock. */
export interface LeaseTimes {
  readonly issuedMs: number;
  /** Not included. */
  readonly expiresMs: number;
}

export interface Attempt {
  /** Wall time of the outcome. */
  readonly atMs: number;
  readonly result: AttemptResult;
}

export type AttemptResult =
  | { readonly kind: "activated" }
  | { readonly kind: "below-threshold"; readonly count: number; readonly threshold: number }
  | { readonly kind: "failed"; readonly reason: FailureReason };

/** `refused` is every refusal but count below threshold. */
export type FailureReason = "host-not-found" | "host-unreachable" | "not-trusted" | "refused";

/** What happens to a client. `random` is in [0, 1) and spreads a fleet's attempts. */
export type ClientEvent =
  | { readonly type: "installed"; readonly at: Instant }
  /** Time has passed, or a clock may have stepped. */
  | { readonly type: "tick"; readonly at: Instant }
  | {
      readonly type: "attempt-succeeded";
      readonly at: Instant;
      readonly random: number;
      /** Verified: signatures, nonce, client, product. */
      readonly lease: LeaseTimes;
      readonly renewalIntervalMs: number;
      readonly retryIntervalMs: number;
    }
  /** The host counted the client, but the count is below the threshold. */
  | {
      readonly type: "attempt-refused";
      readonly at: Instant;
      readonly random: number;
      readonly count: number;
      readonly threshold: number;
      readonly retryIntervalMs: number;
    }
  | {
      readonly type: "attempt-failed";
      readonly at: Instant;
      readonly random: number;
      readonly reason: FailureReason;
      readonly retryAfterMs?: number;
    };

export type ClientEffect =
  /** Contact the host now, then report the outcome. */
  | { readonly type: "attempt" }
  /** Nothing happens before that long, unless a clock steps. */
  | { readonly type: "wake"; readonly afterMs: number }
  | { readonly type: "status-changed"; readonly from: LicenceStatus; readonly to: LicenceStatus }
  | ({ readonly type: "clock-stepped" } & ClockStep);

export interface ClientTransition {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
}

/** Where a client stands at a time. `endsMs` is null where the state has no end. */
export interface Standing {
  readonly status: LicenceStatus;
  readonly endsMs: number | null;
}

/** A client before `installed`. */
export const UNINSTALLED: ClientState = Object.freeze({ kind: "uninstalled" });

/** Licence state of a client at a time of its own (rules 4 and 5 of the KMS process). */
export function standingAt(state: ClientState, timeMs: number, policy: Policy): Standing {
  if (state.kind === "uninstalled") return { status: "unlicensed", endsMs: null };
  const { lease, installedMs } = state;
  if (lease === null) {
    return until("initial-grace", installedMs + policy.initialGraceMs, timeMs);
  }
  if (timeMs < lease.expiresMs) return { status: "licensed", endsMs: lease.expiresMs };
  return until("out-of-tolerance-grace", lease.expiresMs + policy.outOfToleranceGraceMs, timeMs);
}

function until(status: LicenceStatus, endsMs: number, timeMs: number): Standing {
  return timeMs < endsMs ? { status, endsMs } : { status: "notification", endsMs: null };
}

/** Where a client stands at a reading of its clocks; changes nothing. */
export function standingNow(state: ClientState, at: Instant, policy: Policy): Standing {
  return standingAt(state, timeAt(state, at, policy), policy);
}

/** A client's time at a reading of its clocks, in milliseconds; changes nothing. */
export function timeAt(state: ClientState, at: Instant, policy: Policy): number {
  return state.kind === "uninstalled" ? at.wallMs : observe(state.time, at, policy).time.markMs;
}

/** Minutes, rounded up, to the end of the licence state; 0 where that has none. */
export function remainingMinutes(standing: Standing, timeMs: number): number {
  return standing.endsMs === null
    ? 0
    : Math.max(0, Math.ceil((standing.endsMs - timeMs) / MINUTE_MS));
}

/** The state without its lease, for one that turned out not to hold; the next attempt is due. */
export function withoutLease(state: InstalledState): InstalledState {
  const schedule = scheduleNow(state.schedule, state.time.markMs);
  return { ...state, lease: null, schedule };
}

/**
 * The client's state machine: applies an event and says what is to be done.
 *
 * Of the clocks it expects only that readings come in order. A wall clock set back does not extend a
 * lease; one that was once too far ahead costs the activation only until the next lease, and the
 * step back makes an attempt due at once. The first event installs, whatever it is.
 */
export function stepClient(
  state: ClientState,
  event: ClientEvent,
  policy: Policy,
): ClientTransition {
  const before = state.kind === "installed" ? state : installedAt(event.at, policy);
  const observed = observe(before.time, event.at, policy);
  const advanced = afterStep({ ...before, time: observed.time }, observed.step);
  const next = afterOutcome(advanced, event);
  const effects: ClientEffect[] = [];
  if (observed.step) effects.push({ type: "clock-stepped", ...observed.step });
  const from = standingAt(state, before.time.markMs, policy);
  const to = standingAt(next, next.time.markMs, policy);
  if (from.status !== to.status) {
    effects.push({ type: "status-changed", from: from.status, to: to.status });
  }
  effects.push(whatNext(next, to));
  return { state: next, effects };
}

function installedAt(at: Instant, policy: Policy): InstalledState {
  return {
    kind: "installed",
    installedMs: at.wallMs,
    time: startTime(at),
    lease: null,
    schedule: firstSchedule(at.wallMs, policy),
    lastAttempt: null,
  };
}

function afterStep(state: InstalledState, step: ClockStep | undefined): InstalledState {
  const { markMs } = state.time;
  const schedule =
    step?.direction === "back" ? scheduleNow(state.schedule, markMs) : state.schedule;
  return { ...state, schedule: withinReach(schedule, markMs) };
}

function afterOutcome(state: InstalledState, event: ClientEvent): InstalledState {
  const { schedule, time } = state;
  const atMs = event.at.wallMs;
  switch (event.type) {
    case "installed":
    case "tick":
      return state;
    case "attempt-succeeded": {
      const anchored = anchorTime(event.at, event.lease.issuedMs);
      const { expiresMs } = event.lease;
      return {
        ...state,
        time: anchored,
        lease: event.lease,
        schedule: scheduleRenewal(schedule, event, expiresMs, anchored.markMs, event.random),
        lastAttempt: { atMs, result: { kind: "activated" } },
      };
    }
    case "attempt-refused": {
      const { count, threshold } = event;
      return {
        ...state,
        schedule: scheduleRetry(schedule, event, time.markMs, event.random),
        lastAttempt: { atMs, result: { kind: "below-threshold", count, threshold } },
      };
    }
    case "attempt-failed":
      return {
        ...state,
        schedule: scheduleRetry(schedule, event, time.markMs, event.random),
        lastAttempt: { atMs, result: { kind: "failed", reason: event.reason } },
      };
  }
}

function whatNext(state: InstalledState, standing: Standing): ClientEffect {
  const { markMs } = state.time;
  const { nextAttemptMs } = state.schedule;
  if (nextAttemptMs <= markMs) return { type: "attempt" };
  return { type: "wake", afterMs: Math.min(nextAttemptMs, standing.endsMs ?? Infinity) - markMs };
}
