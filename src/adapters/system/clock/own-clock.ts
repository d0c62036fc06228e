import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClockReading, ClockSource } from "../../../ports/clock.ts";

const SYSTEM = { name: "system", authority: "system", ageMs: null } as const;

/** The administrator's standing word that the system clock is right. */
export class ConfiguredClock implements ClockSource {
  read(): ClockReading {
    return { ...SYSTEM, trusted: true, detail: "system clock, by configuration" };
  }
}

/**
 * The clock of a machine that is no single-board computer, which has it from its firmware or its
 * hypervisor.
 */
export class FirmwareClock implements ClockSource {
  readonly #root: string;

  /** @param root where the system's files are; another folder in tests */
  constructor(root = "/") {
    this.#root = root;
  }

  read(): ClockReading {
    return existsSync(join(this.#root, "proc/device-tree/model"))
      ? { ...SYSTEM, trusted: false, detail: "this board's firmware knows no time" }
      : { ...SYSTEM, trusted: true, detail: "system clock of this machine" };
  }
}
