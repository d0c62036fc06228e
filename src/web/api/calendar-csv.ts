import type { Lapse } from "../../domain/insight/calendar.ts";

/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** The calendar as RFC 4180; a host name that looks like a formula is made a text by an apostrophe. */
export function calendarCsv(lapses: readonly Lapse[]): string {
  const rows = lapses.map(({ hostname, cmid, product, lastContactMs, leaseExpiresMs, counts }) => [
    ...[hostname, cmid, product],
    ...[iso(lastContactMs), iso(leaseExpiresMs), counts ? "yes" : "no"],
  ]);
  const titles = ["host name", "CMID", "product", "last contact", "lapses", "counts"];
  return [titles, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
