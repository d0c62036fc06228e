import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../domain/units.ts";

/** A time for a person: the local clock's, with its offset from UTC, as in `2030-01-31 14:05 +01:00`. */
export function formatTime(timeMs: number): string {
  const offsetMinutes = -new Date(timeMs).getTimezoneOffset();
  const local = new Date(timeMs + offsetMinutes * MINUTE_MS).toISOString();
  const offset = Math.abs(offsetMinutes);
  const hours = String(Math.floor(offset / 60)).padStart(2, "0");
  const minutes = String(offset % 60).padStart(2, "0");
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${local.slice(0, 10)} ${local.slice(11, 16)} ${sign}${hours}:${minutes}`;
}

/** A time of a log for a person, to the second, by the local clock, as in `2030-01-31 14:05:09`. */
export function formatLogTime(timeMs: number): string {
  const offsetMinutes = -new Date(timeMs).getTimezoneOffset();
  const local = new Date(timeMs + offsetMinutes * MINUTE_MS).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
}

/** A length of time for a person, in its two largest units. */
export function formatDuration(durationMs: number): string {
  const minutes = Math.round(durationMs / MINUTE_MS);
  const parts: [number, string][] = [
    [Math.floor(minutes / (DAY_MS / MINUTE_MS)), "day"],
    [Math.floor((minutes % (DAY_MS / MINUTE_MS)) / (HOUR_MS / MINUTE_MS)), "hour"],
    [minutes % (HOUR_MS / MINUTE_MS), "minute"],
  ];
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  if (shown.length === 0) return "0 minutes";
  return shown.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ");
}
