import { DAY_MS } from "../units.ts";
import type { Condition, Severity } from "./alert.ts";
import { daysText } from "./days-text.ts";

/** A licence that no other takes over. */
export interface WatchedLicence {
  /** Its `jti`. */
  readonly id: string;
  readonly vendor: string;
  readonly endsMs: number;
}

/** When the end of a licence is told, again and again. */
const STAGES: readonly { readonly leftMs: number; readonly severity: Severity }[] = [
  { leftMs: 30 * DAY_MS, severity: "info" },
  { leftMs: 7 * DAY_MS, severity: "warning" },
  { leftMs: DAY_MS, severity: "critical" },
];

/** Which licences have ended, or will soon. */
export function licenceConditions(licences: readonly WatchedLicence[], nowMs: number): Condition[] {
  return licences.flatMap(({ id, vendor, endsMs }): Condition[] => {
    const leftMs = endsMs - nowMs;
    const remedy = "Ask the vendor for a new one, and install it: kms-box licence install FILE.";
    if (leftMs <= 0) {
      return [
        {
          key: `licence-expired:${id}`,
          kind: "licence-expired",
          severity: "critical",
          stage: 0,
          sentence: `A licence of ${vendor} has ended: its products are not activated any more.`,
          remedy,
          over: `A new licence of ${vendor} is installed.`,
        },
      ];
    }
    const stage = STAGES.filter((each) => leftMs <= each.leftMs).length;
    const reached = STAGES[stage - 1];
    if (!reached) return [];
    return [
      {
        key: `licence-expiring:${id}`,
        kind: "licence-expiring",
        severity: reached.severity,
        stage,
        sentence: `A licence of ${vendor} ends within ${daysText(leftMs)}.`,
        remedy,
        over: `The licence of ${vendor} is replaced, or has ended.`,
      },
    ];
  });
}
