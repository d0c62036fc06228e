import type { Lapse } from "../../domain/insight/calendar.ts";
import { csvLine } from "../../protocol/csv.ts";

const TITLES = ["host name", "CMID", "product", "last contact", "lapses", "counts"];

/** The calendar as RFC 4180, in which no host name is run as a formula. */
export function calendarCsv(lapses: readonly Lapse[]): string {
  const rows = lapses.map(({ hostname, cmid, product, lastContactMs, leaseExpiresMs, counts }) => [
    ...[hostname, cmid, product],
    ...[iso(lastContactMs), iso(leaseExpiresMs), counts ? "yes" : "no"],
  ]);
  return [TITLES, ...rows].map(csvLine).join("");
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
