import { DAY_MS } from "../units.ts";
import type { Condition } from "./alert.ts";
import { daysText } from "./days-text.ts";

/** How long before a forecast fall below the threshold is told. */
export const FORECAST_AHEAD_MS = 7 * DAY_MS;

/** How a licensed product stands. */
export interface WatchedProduct {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly threshold: number;
  /** Whether it was ever activated: until then a low count is no loss. */
  readonly reached: boolean;
  /** When its count will fall below the threshold if nobody asks; null if it will not, or is not known. */
  readonly fallsMs: number | null;
}

/** Which products are activated no longer, or will soon not be. */
export function productConditions(
  products: readonly WatchedProduct[],
  margin: number,
  nowMs: number,
): Condition[] {
  return products.flatMap((product) => {
    if (product.count < product.threshold) return product.reached ? lost(product) : [];
    return near(product, margin, nowMs);
  });
}

function lost({ id, name, count, threshold }: WatchedProduct): Condition {
  const missing = threshold - count;
  return {
    key: `threshold-lost:${id}`,
    kind: "threshold-lost",
    severity: "critical",
    stage: 0,
    sentence:
      `${name} is not activated any more: ${count} of ${threshold} machines have asked. Those ` +
      "that are activated stay so to the end of their validity.",
    remedy: `Let ${missing} more ${missing === 1 ? "machine" : "machines"} ask: see kms-box explain and kms-box calendar.`,
    over: `${name} is activated again.`,
  };
}

function near(
  { id, name, count, threshold, fallsMs }: WatchedProduct,
  margin: number,
  nowMs: number,
): Condition[] {
  const falls = fallsMs !== null && fallsMs - nowMs <= FORECAST_AHEAD_MS;
  if (count > threshold + margin && !falls) return [];
  const spare = count - threshold;
  const counted = `${name} has ${count} machines, and needs ${threshold}`;
  const sentence = falls
    ? `${counted}: it falls below within ${daysText(fallsMs - nowMs)} unless more ask.`
    : `${counted}: ${spare === 0 ? "none may" : `only ${spare} may`} go missing.`;
  return [
    {
      key: `threshold-near:${id}`,
      kind: "threshold-near",
      severity: "warning",
      stage: 0,
      sentence,
      remedy: "See kms-box forecast for the machines that stay away, and switch them on.",
      over: `${name} is no longer near its threshold.`,
    },
  ];
}
