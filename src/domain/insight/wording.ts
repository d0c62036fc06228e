import { DAY_MS, HOUR_MS, MINUTE_MS } from "../units.ts";

const NUMBERS = [
  ...["no", "one", "two", "three", "four", "five", "six"],
  ...["seven", "eight", "nine", "ten", "eleven", "twelve"],
];

/** A number in words as far as that reads well. */
export function numberWord(count: number): string {
  return NUMBERS[count] ?? String(count);
}

/** A length of time in its one fitting unit: `40 minutes`, `1 hour`, `12 days`. */
export function spanText(spanMs: number): string {
  if (spanMs < MINUTE_MS) return "less than a minute";
  if (spanMs < HOUR_MS) return counted(spanMs / MINUTE_MS, "minute");
  if (spanMs < 2 * DAY_MS) return counted(spanMs / HOUR_MS, "hour");
  return counted(spanMs / DAY_MS, "day");
}

function counted(amount: number, unit: string): string {
  const whole = Math.floor(amount);
  return `${whole} ${unit}${whole === 1 ? "" : "s"}`;
}
