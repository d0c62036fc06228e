import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/units.ts";
import type { ClockSource, ClockTrust } from "../../ports/clock.ts";

/**
 * systemd-timesyncd touches its stamp at every accepted sync. The kernel calls a clock synchronised
 * until its error may be 16 s, growing by 500 ppm, so that an outage of some hours does no harm.
 */
const MOST_STAMP_AGE_MS = (16 * SECOND_MS) / 0.0005;
/** A stamp further in the future than this was made before somebody set the clock back. */
const MOST_STAMP_LEAD_MS = MINUTE_MS;
/** A battery clock further off than this has lost its battery, or was not what set the time. */
const MOST_RTC_ERROR_MS = HOUR_MS;
/** How long an answer is kept, so that requests do not read files. */
const KEPT_MS = 5 * SECOND_MS;

/** The administrator's word that the system clock is right. */
export class SystemClockSource implements ClockSource {
  trust(): ClockTrust {
    return { trusted: true, source: "system clock, by configuration" };
  }
}

/**
 * Looks for what may have set the clock: systemd-timesyncd, or a battery clock. A machine that is
 * no single-board computer has its clock from its firmware or its hypervisor.
 */
export class LinuxClockSource implements ClockSource {
  readonly #root: string;
  #kept: ClockTrust | undefined;
  #keptAtMs = 0;

  /** @param root where the system's files are; another folder in tests */
  constructor(root = "/") {
    this.#root = root;
  }

  trust(): ClockTrust {
    const nowMs = performance.now();
    if (!this.#kept || nowMs - this.#keptAtMs > KEPT_MS) {
      this.#kept = this.#look();
      this.#keptAtMs = nowMs;
    }
    return this.#kept;
  }

  #look(): ClockTrust {
    if (this.#setByNtp()) return { trusted: true, source: "NTP (systemd-timesyncd)" };
    if (this.#setByRtc()) return { trusted: true, source: "battery clock" };
    if (!this.#exists("proc/device-tree/model")) {
      return { trusted: true, source: "system clock of this machine" };
    }
    return {
      trusted: false,
      reason:
        "This board has no battery clock and no NTP server has set its time yet. Connect NTP, or " +
        'set the time and "clock": {"trust": "system"} in the configuration.',
    };
  }

  #setByNtp(): boolean {
    const stampMs = this.#modifiedMs("run/systemd/timesync/synchronized");
    if (stampMs === undefined) return false;
    const ageMs = Date.now() - stampMs;
    return ageMs < MOST_STAMP_AGE_MS && ageMs > -MOST_STAMP_LEAD_MS;
  }

  /**
   * The kernel marks the battery clock that it set the time from at boot. One without a battery, as
   * on a new Raspberry Pi 5, begins at 1970, from where systemd moves the time on: then they differ.
   */
  #setByRtc(): boolean {
    try {
      const folder = join(this.#root, "sys/class/rtc");
      return readdirSync(folder).some((name) => {
        const read = (file: string) => readFileSync(join(folder, name, file), "utf8").trim();
        if (read("hctosys") !== "1") return false;
        const errorMs = Math.abs(Number(read("since_epoch")) * SECOND_MS - Date.now());
        return errorMs < MOST_RTC_ERROR_MS;
      });
    } catch {
      return false;
    }
  }

  #modifiedMs(path: string): number | undefined {
    return statSync(join(this.#root, path), { throwIfNoEntry: false })?.mtimeMs;
  }

  #exists(path: string): boolean {
    return this.#modifiedMs(path) !== undefined;
  }
}
