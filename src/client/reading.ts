import { type Standing, standingAt, timeAt } from "../domain/client-state.ts";
import type { Instant } from "../domain/client-time.ts";
import type { Policy } from "../domain/policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { ProductRecord } from "./shapes.ts";

/**
 * The clocks as seen from a record. A monotonic clock behind the record's shows that the machine was
 * restarted since; then at least its whole reading has passed.
 *
 * @param continuous the machine was not off since the record was written.
 */
export function readingSince(record: ProductRecord, clock: Clock, continuous: boolean): Instant {
  const monotonicMs = clock.monotonicMs();
  const restarted = monotonicMs < record.monotonicMs;
  return {
    wallMs: clock.nowMs(),
    elapsedMs: restarted ? monotonicMs : monotonicMs - record.monotonicMs,
    resumed: restarted || !continuous,
  };
}

/** Where a product stands now, and the client's time that this is of. */
export function standingOf(
  record: ProductRecord,
  clock: Clock,
  policy: Policy,
): { standing: Standing; timeMs: number } {
  const timeMs = timeAt(record.state, readingSince(record, clock, false), policy);
  return { standing: standingAt(record.state, timeMs, policy), timeMs };
}
