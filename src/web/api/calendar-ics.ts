import ical, { ICalEventTransparency } from "ical-generator";
import type { Lapse } from "../../domain/insight/calendar.ts";

/**
 * The calendar as RFC 5545: one event for each machine, on the day on which its activation ends. An
 * event keeps its UID, so that a later export moves it. As a calendar must have a component (section
 * 3.6), one without lapses says so on the day on which it was asked for.
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
  if (lapses.length === 0) {
    calendar.createEvent({
      id: "none@kms-box",
      stamp: new Date(nowMs),
      start: new Date(nowMs),
      allDay: true,
      transparency: ICalEventTransparency.TRANSPARENT,
      summary: "Every activated machine has come back",
      description: "No activation lapses as far as the KMS Box knows today.",
    });
  }
  return `${calendar.toString()}\r\n`;
}
