import { DAY_MS } from "../units.ts";

/** Such as `1 day` or `30 days`: whole days, at least one. */
export function daysText(ms: number): string {
  const days = Math.max(1, Math.ceil(ms / DAY_MS));
  return `${days} ${days === 1 ? "day" : "days"}`;
}
