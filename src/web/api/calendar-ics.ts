import ical from "ical-generator";
import type { Lapse } from "../../domain/insight/calendar.ts";

/**
 * The calendar as RFC 5545: one event for each machine, on the day on which its activation ends. An
 * event keeps its UID, so that a later export moves it.
 */
export function calendarIcs(lapses: readonly Lapse[], nowMs: number): string {
  const calendar = ical({ name: "KMS Box", prodId: "//KMS Box//Activation calendar//EN" });
  for (const lapse of lapses) {
    const { cmid, hostname, product, lastContactMs, leaseExpiresMs } = lapse;
    calendar.createEvent({
      id: `${cmid}-${product}@kms-box`,
      stamp: new Date(nowMs),
      start: new Date(leaseExpiresMs),
      end: new Date(leaseExpiresMs),
      summary: `${hostname} is no longer activated for ${product}`,
      description:
        `It has not asked since ${new Date(lastContactMs).toISOString()}. CMID ${cmid}. Switch it ` +
        'on in this network, or run "kms-client doctor" on it.',
    });
  }
  return `${calendar.toString()}\r\n`;
}
