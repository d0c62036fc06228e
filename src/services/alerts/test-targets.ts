import type { Alert } from "../../domain/alerts/alert.ts";
import type { AlertTarget } from "../../ports/alerts.ts";
import type { HostClock } from "../host-clock.ts";
import { failureOf, type TargetFailure } from "./target-line.ts";

/** What became of a test; one of `said` and `failure` is there. */
export interface TestResult {
  readonly target: AlertTarget;
  readonly said: string | null;
  readonly failure: TargetFailure | null;
  readonly tookMs: number;
}

export interface TestParts {
  readonly clock: Pick<HostClock, "read" | "monotonicMs">;
  readonly newId: () => string;
  readonly signal: AbortSignal;
}

/** Sends a test to every target at once, whatever it is owed and whatever it wants to know. */
export function testTargets(
  targets: readonly AlertTarget[],
  { clock, newId, signal }: TestParts,
): Promise<TestResult[]> {
  const nowMs = Math.round(clock.read().nowMs);
  return Promise.all(
    targets.map(async (target): Promise<TestResult> => {
      const begunMs = clock.monotonicMs();
      const ended = (said: string | null, failure: TargetFailure | null) => {
        return { target, said, failure, tookMs: Math.round(clock.monotonicMs() - begunMs) };
      };
      try {
        return ended(await target.send([testAlert(newId(), nowMs)], signal), null);
      } catch (error) {
        return ended(null, failureOf(error));
      }
    }),
  );
}

function testAlert(id: string, nowMs: number): Alert {
  return {
    id,
    news: "test",
    key: "test",
    kind: "test",
    severity: "info",
    sinceMs: nowMs,
    atMs: nowMs,
    sentence: "This is a test: nothing is wrong.",
    remedy: "Nothing is to be done.",
  };
}
