import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HOUR_MS, SECOND_MS } from "../../../domain/units.ts";
import type { ClockReading, ClockSource } from "../../../ports/clock.ts";

/** A battery clock further off than this has lost its battery, or was not what set the time. */
const MOST_ERROR_MS = HOUR_MS;

export interface BatteryClockOptions {
  /** Where the system's files are; another folder in tests. */
  readonly root?: string;
  /**
   * Whether one is believed that the kernel did not set the time from, as one whose driver was loaded
   * late; then a program of the system did.
   */
  readonly any?: boolean;
}

/**
 * A battery clock (RTC).
 *
 * The kernel marks the one that it set the time from at boot. One without a battery, as on a new
 * Raspberry Pi 5, begins at 1970, from where systemd moves the time on: then they differ. A driver that
 * knows that its clock has stopped refuses to be read.
 */
export class BatteryClock implements ClockSource {
  readonly #folder: string;
  readonly #any: boolean;

  constructor({ root = "/", any = false }: BatteryClockOptions = {}) {
    this.#folder = join(root, "sys/class/rtc");
    this.#any = any;
  }

  read(): ClockReading {
    const names = this.#names();
    if (names.length === 0) return reading(false, "there is no battery clock");
    const set = names.filter((name) => this.#any || this.#read(name, "hctosys") === "1");
    if (set.length === 0) return reading(false, "no battery clock has set the time");
    if (!set.some((name) => this.#agrees(name))) {
      return reading(false, "the battery clock and the system's differ, or it has stopped");
    }
    return reading(true, "battery clock");
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }

  #agrees(name: string): boolean {
    const seconds = this.#read(name, "since_epoch");
    if (seconds === undefined || !/^\d+$/.test(seconds)) return false;
    return Math.abs(Number(seconds) * SECOND_MS - Date.now()) < MOST_ERROR_MS;
  }

  #read(name: string, file: string): string | undefined {
    try {
      return readFileSync(join(this.#folder, name, file), "utf8").trim();
    } catch {
      return undefined;
    }
  }
}

function reading(trusted: boolean, detail: string): ClockReading {
  return { name: "rtc", authority: "rtc", trusted, detail, ageMs: null };
}
