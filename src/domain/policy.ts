import { DAY_MS, HOUR_MS, MINUTE_MS } from "./units.ts";

/** The intervals and the threshold by which a host and its clients act. All times in milliseconds. */
export interface Policy {
  /** Count from which a product is activated where its licence names no threshold. */
  readonly activationThreshold: number;
  /** How long a CMID counts after its last contact. */
  readonly cmidRetentionMs: number;
  /** How long one successful contact keeps a client activated. */
  readonly activationValidityMs: number;
  /** How often an activated client contacts the host. */
  readonly renewalIntervalMs: number;
  /** How often a client tries while it is not activated, or after a failure. */
  readonly retryIntervalMs: number;
  /** How far a request's `iat` may be from the host's clock, either way. */
  readonly clockSkewMs: number;
  /** How long a client may run before its first activation. */
  readonly initialGraceMs: number;
  /** How long a client may run after the validity interval. */
  readonly outOfToleranceGraceMs: number;
}

/** The KMS process as published for Windows 7 planning. */
export const DEFAULT_POLICY: Policy = Object.freeze({
  activationThreshold: 25,
  cmidRetentionMs: 30 * DAY_MS,
  activationValidityMs: 180 * DAY_MS,
  renewalIntervalMs: 7 * DAY_MS,
  retryIntervalMs: 2 * HOUR_MS,
  clockSkewMs: 4 * HOUR_MS,
  initialGraceMs: 30 * DAY_MS,
  outOfToleranceGraceMs: 30 * DAY_MS,
});

/** Smallest and largest value of every member, both allowed. */
export const POLICY_RANGES: { readonly [K in keyof Policy]: readonly [number, number] } =
  Object.freeze({
    activationThreshold: [1, 1_000_000],
    cmidRetentionMs: [DAY_MS, 366 * DAY_MS],
    activationValidityMs: [DAY_MS, 3660 * DAY_MS],
    renewalIntervalMs: [MINUTE_MS, 90 * DAY_MS],
    retryIntervalMs: [MINUTE_MS, 30 * DAY_MS],
    clockSkewMs: [MINUTE_MS, DAY_MS],
    initialGraceMs: [0, 366 * DAY_MS],
    outOfToleranceGraceMs: [0, 366 * DAY_MS],
  });

/**
 * Everything wrong with a policy, one sentence each; empty if it can be used.
 *
 * Beside the ranges: a client must be able to renew before its validity ends and before it is
 * discarded, and must not retry more rarely than it renews. A record remembers which requests were
 * accepted, so that it must outlast the time in which they could be sent again.
 */
export function policyFaults(policy: Policy): string[] {
  const faults: string[] = [];
  for (const [name, [low, high]] of Object.entries(POLICY_RANGES)) {
    const value = policy[name as keyof Policy];
    if (!Number.isSafeInteger(value) || value < low || value > high) {
      faults.push(`${name} is ${value}, but must be a whole number from ${low} to ${high}`);
    }
  }
  if (policy.renewalIntervalMs >= policy.activationValidityMs) {
    faults.push("the renewal interval must be shorter than the activation validity interval");
  }
  if (policy.renewalIntervalMs >= policy.cmidRetentionMs) {
    faults.push("the renewal interval must be shorter than the CMID retention");
  }
  if (policy.retryIntervalMs > policy.renewalIntervalMs) {
    faults.push("the retry interval must not be longer than the renewal interval");
  }
  if (policy.cmidRetentionMs <= 2 * policy.clockSkewMs) {
    faults.push(
      "the CMID retention must be longer than twice the clock skew, or a discarded CMID's last " +
        "request could be sent again",
    );
  }
  return faults;
}
