import { existsSync } from "node:fs";
import { join } from "node:path";
import { SECOND_MS } from "../../../domain/units.ts";
import type { ClockReading, Timers } from "../../../ports/clock.ts";
import { type RunProgram, runSystemProgram } from "../run-program.ts";
import { PolledClock } from "./polled-clock.ts";

const PROGRAM = "usr/bin/chronyc";
/** Columns of `chronyc -c tracking` (chronyc(1)): its exit status is 0 also without a server. */
const REFERENCE_ID = 0;
const REFERENCE_TIME = 3;
const LEAP_STATUS = 13;
const COLUMNS = 14;
/** 127.127.1.1: chrony was told to call its own clock a reference. */
const OWN_CLOCK = "7F7F0101";

export interface ChronyOptions {
  readonly timers: Timers;
  readonly root?: string;
  readonly run?: RunProgram;
}

/** NTP by chrony. */
export class ChronyClock extends PolledClock {
  readonly #program: string;
  readonly #run: RunProgram;

  constructor({ timers, root = "/", run = runSystemProgram }: ChronyOptions) {
    super(timers, reading(false, "chrony was not asked yet", null));
    this.#program = join(root, PROGRAM);
    this.#run = run;
  }

  protected async ask(): Promise<ClockReading> {
    if (!existsSync(this.#program)) return reading(false, "chrony is not installed", null);
    const { status, stdout } = await this.#run(this.#program, ["-c", "tracking"]);
    const columns = stdout.trim().split(",");
    if (status !== 0 || columns.length < COLUMNS) {
      return reading(false, "chrony does not answer", null);
    }
    if (columns[LEAP_STATUS] === "Not synchronised") {
      return reading(false, "chrony is not synchronised to a time server", null);
    }
    if (columns[REFERENCE_ID] === OWN_CLOCK) {
      return reading(false, "chrony serves its own clock and has no time server", null);
    }
    const setMs = Number(columns[REFERENCE_TIME]) * SECOND_MS;
    return reading(true, "NTP (chrony)", setMs > 0 ? Math.max(0, Date.now() - setMs) : null);
  }
}

function reading(trusted: boolean, detail: string, ageMs: number | null): ClockReading {
  return { name: "chrony", authority: "ntp", trusted, detail, ageMs };
}
