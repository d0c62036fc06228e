import { statSync } from "node:fs";
import { join } from "node:path";
import { MINUTE_MS, SECOND_MS } from "../../../domain/units.ts";
import type { ClockReading, ClockSource } from "../../../ports/clock.ts";

/**
 * systemd-timesyncd touches its stamp at every accepted sync. The kernel calls a clock synchronised
 * until its error may be 16 s, growing by 500 ppm, so that an outage of some hours does no harm.
 */
const MOST_STAMP_AGE_MS = (16 * SECOND_MS) / 0.0005;
/** A stamp further in the future than this was made before somebody set the clock back. */
const MOST_STAMP_LEAD_MS = MINUTE_MS;
/** Gone at each start of the machine. */
const STAMP = "run/systemd/timesync/synchronized";

/** NTP by systemd-timesyncd. */
export class TimesyncdClock implements ClockSource {
  readonly #root: string;

  /** @param root where the system's files are; another folder in tests */
  constructor(root = "/") {
    this.#root = root;
  }

  read(): ClockReading {
    const stampMs = modifiedMs(join(this.#root, STAMP));
    if (stampMs === undefined) {
      return reading(false, "systemd-timesyncd heard no time server since the start", null);
    }
    const ageMs = Date.now() - stampMs;
    if (ageMs < -MOST_STAMP_LEAD_MS) {
      return reading(false, "the clock was set back since systemd-timesyncd set it", null);
    }
    if (ageMs >= MOST_STAMP_AGE_MS) {
      return reading(false, "systemd-timesyncd heard no time server for hours", ageMs);
    }
    return reading(true, "NTP (systemd-timesyncd)", Math.max(0, ageMs));
  }
}

function reading(trusted: boolean, detail: string, ageMs: number | null): ClockReading {
  return { name: "timesyncd", authority: "ntp", trusted, detail, ageMs };
}

function modifiedMs(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
}
