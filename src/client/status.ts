import { type AttemptResult, remainingMinutes } from "../domain/client-state.ts";
import type { Policy } from "../domain/policy.ts";
import type { LicenceStatus } from "../domain/status.ts";
import { MINUTE_MS } from "../domain/units.ts";
import { sha256 } from "../platform/ed25519.ts";
import type { Clock } from "../ports/clock.ts";
import { keyNames } from "../protocol/thumbprint.ts";
import { standingOf } from "./reading.ts";
import type { FoundHost } from "./shapes.ts";
import type { StateFolder } from "./state-folder.ts";

/** What an administrator wants to know of one product on this machine. */
export interface StatusReport {
  readonly product: string;
  readonly cmid: string | null;
  readonly status: LicenceStatus;
  /** To the end of the licence state; 0 where that has none. */
  readonly remainingMinutes: number;
  readonly endsMs: number | null;
  /** End of the lease, also one that has ended. */
  readonly leaseExpiresMs: number | null;
  readonly renewalIntervalMinutes: number | null;
  readonly retryIntervalMinutes: number | null;
  readonly nextAttemptMs: number | null;
  readonly host: FoundHost | null;
  readonly lastAttemptMs: number | null;
  readonly lastResult: AttemptResult | null;
  readonly lastMessage: string | null;
}

/**
 * Reads a product's status as the client keeps it, without checking signatures.
 *
 * @throws {StateDamagedError}
 */
export async function readStatus(
  folder: StateFolder,
  product: string,
  clock: Clock,
  policy: Policy,
): Promise<StatusReport> {
  const [machine, record] = await Promise.all([folder.readMachine(), folder.readRecord(product)]);
  const cmid = machine ? keyNames(machine.clientKey, sha256).cmid : null;
  if (!record) return { ...NOTHING, product, cmid };
  const { standing, timeMs } = standingOf(record, clock, policy);
  const { schedule, lastAttempt, lease } = record.state;
  // The schedule is kept in the client's own time, which may be ahead of the wall clock.
  const nextInMs = Math.max(0, schedule.nextAttemptMs - timeMs);
  return {
    product,
    cmid,
    status: standing.status,
    remainingMinutes: remainingMinutes(standing, timeMs),
    endsMs: standing.endsMs,
    leaseExpiresMs: lease?.expiresMs ?? null,
    renewalIntervalMinutes: schedule.renewalIntervalMs / MINUTE_MS,
    retryIntervalMinutes: schedule.retryIntervalMs / MINUTE_MS,
    nextAttemptMs: clock.nowMs() + nextInMs,
    host: record.host,
    lastAttemptMs: lastAttempt?.atMs ?? null,
    lastResult: lastAttempt?.result ?? null,
    lastMessage: record.message,
  };
}

const NOTHING: Omit<StatusReport, "product" | "cmid"> = Object.freeze({
  status: "unlicensed",
  remainingMinutes: 0,
  endsMs: null,
  leaseExpiresMs: null,
  renewalIntervalMinutes: null,
  retryIntervalMinutes: null,
  nextAttemptMs: null,
  host: null,
  lastAttemptMs: null,
  lastResult: null,
  lastMessage: null,
});
