import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../domain/units.ts";

// Not by Intl, whose tables take eight megabytes of memory from then on.
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** By the box's own time zone, such as `23 November 2027`. */
export function dayText(ms: number): string {
  const date = new Date(ms);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/** Such as `23 Nov, 14:05 UTC+1`. */
export function momentText(ms: number): string {
  const date = new Date(ms);
  const month = MONTHS[date.getMonth()]?.slice(0, 3);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return `${date.getDate()} ${month}, ${time} ${zoneText(-date.getTimezoneOffset())}`;
}

function zoneText(offsetMinutes: number): string {
  if (offsetMinutes === 0) return "UTC";
  const minutes = Math.abs(offsetMinutes);
  const rest = minutes % 60 === 0 ? "" : `:${two(minutes % 60)}`;
  return `UTC${offsetMinutes < 0 ? "-" : "+"}${Math.floor(minutes / 60)}${rest}`;
}

function two(count: number): string {
  return String(count).padStart(2, "0");
}

/** `A`, `A and B`, `A, B and C`. */
export function listText(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

export function machines(count: number): string {
  return counted(count, "machine");
}

/** A length of time in words, in its one fitting unit, rounded down. */
export function spanText(ms: number): string {
  if (ms < MINUTE_MS) return "less than a minute";
  if (ms < 2 * HOUR_MS) return counted(Math.floor(ms / MINUTE_MS), "minute");
  if (ms < 2 * DAY_MS) return counted(Math.floor(ms / HOUR_MS), "hour");
  return counted(Math.floor(ms / DAY_MS), "day");
}

function counted(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Such as `10,000`. */
export function numberText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
