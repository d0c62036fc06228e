import { SECOND_MS } from "../../../domain/units.ts";
import type { ClockReading, ClockSource, ClockSources, Timers } from "../../../ports/clock.ts";
import type { RunProgram } from "../run-program.ts";
import { BatteryClock } from "./battery-clock.ts";
import { ChronyClock } from "./chrony-clock.ts";
import { KernelClock } from "./kernel-clock.ts";
import { ConfiguredClock, FirmwareClock } from "./own-clock.ts";
import { PolledClock } from "./polled-clock.ts";
import { TimesyncdClock } from "./timesyncd-clock.ts";

/** Who may vouch for the clock, as configured. */
export type ClockTrustMode = "auto" | "ntp" | "rtc" | "manual" | "system";

/** How long the answers are kept, so that requests do not read files. */
const KEPT_MS = 5 * SECOND_MS;

const OR_SET = "Connect NTP, or set the clock: kms-box clock set TIME.";
const LACKING: Readonly<Record<ClockTrustMode, string>> = {
  auto: `Neither a time server nor a battery clock has set this board's clock. ${OR_SET}`,
  ntp: `No time server has set this machine's clock. ${OR_SET}`,
  rtc: `Neither a battery clock nor a time server vouches for this machine's clock. ${OR_SET}`,
  manual:
    "Nobody has vouched for the clock since this machine was started. See that it is right, and " +
    "type: kms-box clock trust.",
  system: `This machine has no clock. ${OR_SET}`,
};

export interface LinuxClockSourcesOptions {
  readonly mode: ClockTrustMode;
  readonly timers: Timers;
  /** Where the system's files are; another folder in tests. */
  readonly root?: string;
  readonly run?: RunProgram;
}

/** What may vouch for the clock of this machine. */
export class LinuxClockSources implements ClockSources {
  readonly lacking: string;
  readonly #sources: readonly ClockSource[];
  #kept: readonly ClockReading[] = [];
  #keptAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LinuxClockSourcesOptions) {
    this.lacking = LACKING[options.mode];
    this.#sources = sourcesOf(options);
  }

  /** Begins to ask the sources that are programs; waits for them if no other vouches. Never rejects. */
  async start(): Promise<void> {
    const asked = this.#askAll();
    if (!this.readings().some(({ trusted }) => trusted)) await asked;
  }

  stop(): void {
    for (const source of this.#polled()) source.stop();
  }

  readings(): readonly ClockReading[] {
    const nowMs = performance.now();
    if (nowMs - this.#keptAtMs > KEPT_MS) {
      this.#kept = this.#sources.map((source) => source.read());
      this.#keptAtMs = nowMs;
    }
    return this.#kept;
  }

  async #askAll(): Promise<void> {
    // One after the other, as the last is asked only if the others do not tell.
    for (const source of this.#polled()) await source.start();
    this.#keptAtMs = Number.NEGATIVE_INFINITY;
  }

  #polled(): PolledClock[] {
    return this.#sources.filter((source) => source instanceof PolledClock);
  }
}

function sourcesOf({ mode, timers, root = "/", run }: LinuxClockSourcesOptions): ClockSource[] {
  if (mode === "manual") return [];
  if (mode === "system") return [new ConfiguredClock()];
  const programs = { timers, root, ...(run && { run }) };
  const known = [new TimesyncdClock(root), new ChronyClock(programs)];
  const ntp = [...known, new KernelClock({ ...programs, before: known })];
  if (mode === "ntp") return ntp;
  const battery = new BatteryClock({ root, any: mode === "rtc" });
  return mode === "rtc" ? [...ntp, battery] : [...ntp, battery, new FirmwareClock(root)];
}
