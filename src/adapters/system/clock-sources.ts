import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SECOND_MS } from "../../domain/units.ts";
import type { ClockSource, ClockTrust } from "../../ports/clock.ts";

/** systemd-timesyncd touches its stamp at most 2048 s apart; twice that is a missed round. */
const MOST_STAMP_AGE_MS = 2 * 2048 * SECOND_MS;
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
    const stampMs = this.#modifiedMs("run/systemd/timesync/synchronized");
    if (stampMs !== undefined && Date.now() - stampMs < MOST_STAMP_AGE_MS) {
      return { trusted: true, source: "NTP (systemd-timesyncd)" };
    }
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

  /** The kernel marks the battery clock that it set the time from at boot. */
  #setByRtc(): boolean {
    try {
      return readdirSync(join(this.#root, "sys/class/rtc")).some(
        (name) =>
          readFileSync(join(this.#root, "sys/class/rtc", name, "hctosys"), "utf8").trim() === "1",
      );
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
