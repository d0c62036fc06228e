import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClockReading, ClockSource, Timers } from "../../../ports/clock.ts";
import { type RunProgram, runSystemProgram } from "../run-program.ts";
import { PolledClock } from "./polled-clock.ts";

const PROGRAM = "usr/bin/timedatectl";

export interface KernelClockOptions {
  readonly timers: Timers;
  /** While one of these vouches for the clock the kernel is not asked. */
  readonly before: readonly ClockSource[];
  readonly root?: string;
  readonly run?: RunProgram;
}

/**
 * Any other NTP client, such as ntpd: the kernel keeps whether its clock is synchronised (adjtimex(2)),
 * and systemd-timedated, which is started for it, can say so.
 */
export class KernelClock extends PolledClock {
  readonly #before: readonly ClockSource[];
  readonly #program: string;
  readonly #run: RunProgram;

  constructor({ timers, before, root = "/", run = runSystemProgram }: KernelClockOptions) {
    super(timers, reading(false, "the kernel was not asked yet"));
    this.#before = before;
    this.#program = join(root, PROGRAM);
    this.#run = run;
  }

  protected async ask(): Promise<ClockReading> {
    if (this.#before.some((source) => source.read().trusted)) {
      return reading(false, "the kernel is not asked while another tells");
    }
    if (!existsSync(this.#program)) return reading(false, "timedatectl is not installed");
    const args = ["show", "--property=NTPSynchronized", "--value"];
    const { status, stdout } = await this.#run(this.#program, args);
    if (status !== 0) return reading(false, "timedatectl does not answer");
    return stdout.trim() === "yes"
      ? reading(true, "NTP (as the kernel says)")
      : reading(false, "the kernel calls its clock not synchronised");
  }
}

function reading(trusted: boolean, detail: string): ClockReading {
  return { name: "kernel", authority: "ntp", trusted, detail, ageMs: null };
}
