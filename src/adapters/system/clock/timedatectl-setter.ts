import { lstat, lutimes } from "node:fs/promises";
import { SECOND_MS } from "../../../domain/units.ts";
import {
  ClockNotPermittedError,
  ClockNotSetError,
  type ClockSetter,
} from "../../../ports/clock.ts";
import { type ProgramAnswer, type RunProgram, runSystemProgram } from "../run-program.ts";

/** What timedatectl says where the caller may not, and where nobody listens to it. */
const FORBIDDEN =
  /interactive authentication required|access denied|not permitted|permission denied/i;
const NO_SYSTEMD = /failed to connect to bus|not been booted with systemd|failed to create bus/i;
/** systemd starts with the time at which this was changed last, where the machine's own is before it. */
const LATEST_TIME_FILE = "/var/lib/systemd/timesync/clock";
const BY_NTP = /automatic time synchronization is enabled/i;

export interface TimedatectlOptions {
  readonly run?: RunProgram;
  /** Whether this process is root's. */
  readonly isRoot?: boolean;
  readonly latestTimeFile?: string;
}

/**
 * Sets the clock, and the battery clock, by systemd; as root without systemd, by date(1). As root also
 * for the next start, which would otherwise begin with a wrong time that was later.
 */
export class TimedatectlSetter implements ClockSetter {
  readonly #run: RunProgram;
  readonly #isRoot: boolean;
  readonly #latestTimeFile: string;

  constructor({
    run = runSystemProgram,
    isRoot = process.getuid?.() === 0,
    latestTimeFile = LATEST_TIME_FILE,
  }: TimedatectlOptions = {}) {
    this.#run = run;
    this.#isRoot = isRoot;
    this.#latestTimeFile = latestTimeFile;
  }

  async set(timeMs: number): Promise<void> {
    await this.#setNow(timeMs);
    if (this.#isRoot) await this.#lowerLatestTime(timeMs);
  }

  async #setNow(timeMs: number): Promise<void> {
    const seconds = `@${Math.floor(timeMs / SECOND_MS)}`;
    const answer = await this.#run("timedatectl", ["--no-ask-password", "set-time", seconds]);
    if (answer.status === 0) return;
    const absent = answer.status === null || NO_SYSTEMD.test(answer.stderr);
    if (!absent || !this.#isRoot) throw fault(answer, timeMs, absent);
    const second = await this.#run("date", ["--utc", `--set=${seconds}`]);
    if (second.status !== 0) throw fault(second, timeMs, false);
  }

  /** The clock is set whatever becomes of this. */
  async #lowerLatestTime(timeMs: number): Promise<void> {
    try {
      const { mtimeMs } = await lstat(this.#latestTimeFile);
      const seconds = timeMs / SECOND_MS;
      if (mtimeMs > timeMs) await lutimes(this.#latestTimeFile, seconds, seconds);
    } catch {
      // There is none where no time server was ever configured.
    }
  }
}

function fault({ stderr }: ProgramAnswer, timeMs: number, absent: boolean): Error {
  const time = new Date(timeMs).toISOString().slice(0, 19).replace("T", " ");
  if (BY_NTP.test(stderr)) {
    return new ClockNotSetError(
      "A time server sets this machine's clock. If its time is wrong, turn it off first: sudo " +
        "timedatectl set-ntp false.",
    );
  }
  if (absent || FORBIDDEN.test(stderr)) {
    return new ClockNotPermittedError(
      `This user may not set the machine's clock. Type: sudo timedatectl set-time "${time} UTC", and ` +
        "then: kms-box clock trust.",
    );
  }
  const said = stderr.trim().split("\n").at(-1) || "it did not answer";
  return new ClockNotSetError(`The machine's clock could not be set: ${said.replace(/\.$/, "")}.`);
}
