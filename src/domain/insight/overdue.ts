import type { Policy } from "../policy.ts";

type Rhythm = Pick<Policy, "renewalIntervalMs" | "cmidRetentionMs">;

/**
 * How long after its last contact a machine counts as overdue: one and a half renewal intervals, so
 * that a long weekend makes none so; at most half way from the renewal to the end of the retention.
 */
export function overdueAfterMs({ renewalIntervalMs, cmidRetentionMs }: Rhythm): number {
  const spareMs = cmidRetentionMs - renewalIntervalMs;
  return renewalIntervalMs + Math.floor(Math.min(renewalIntervalMs, spareMs) / 2);
}

export function isOverdue(lastContactMs: number, rhythm: Rhythm, nowMs: number): boolean {
  return nowMs - lastContactMs > overdueAfterMs(rhythm);
}
