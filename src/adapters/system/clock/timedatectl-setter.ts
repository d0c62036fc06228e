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
const BY_NTP = /automatic time synchronization is enabled/i;

export interface TimedatectlOptions {
  readonly run?: RunProgram;
  /** Whether this process is root's. */
  readonly isRoot?: boolean;
}

/** Sets the clock, and the battery clock, by systemd; as root without systemd, by date(1). */
export class TimedatectlSetter implements ClockSetter {
  readonly #run: RunProgram;
  readonly #isRoot: boolean;

  constructor({
    run = runSystemProgram,
    isRoot = process.getuid?.() === 0,
  }: TimedatectlOptions = {}) {
    this.#run = run;
    this.#isRoot = isRoot;
  }

  async set(timeMs: number): Promise<void> {
    const seconds = `@${Math.floor(timeMs / SECOND_MS)}`;
    const answer = await this.#run("timedatectl", ["--no-ask-password", "set-time", seconds]);
    if (answer.status === 0) return;
    const absent = answer.status === null || NO_SYSTEMD.test(answer.stderr);
    if (!absent || !this.#isRoot) throw fault(answer, timeMs, absent);
    const second = await this.#run("date", ["--utc", `--set=${seconds}`]);
    if (second.status !== 0) throw fault(second, timeMs, false);
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
