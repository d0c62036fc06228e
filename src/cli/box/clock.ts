import { Command } from "commander";
import type { ClockAnswer } from "../../web/api/clock-schemas.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT, UsageError } from "../support/run-program.ts";
import { AdminClient, BoxRefusedError } from "./admin-client.ts";
import { clockLines, parseTime } from "./clock-lines.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

interface WordFlags extends BoxFlags {
  readonly yes?: boolean;
}

/** `kms-box clock`: what the box trusts its clock by; vouch for it; set it. */
export function clockCommand(): Command {
  return new Command("clock")
    .description("show what the clock is trusted by, vouch for it, or set it")
    .addHelpText("after", HELP)
    .addCommand(statusCommand())
    .addCommand(trustCommand())
    .addCommand(setCommand());
}

const HELP = `
While the clock is not trusted nobody is activated, and no CMID discarded.

Examples:
  kms-box clock status
  kms-box clock trust
  kms-box clock set "2030-01-31 14:05"`;

function statusCommand(): Command {
  return withBox(new Command("status"))
    .description("show the time, what vouches for it, and the latest time known")
    .addHelpText("after", STATUS_HELP)
    .action(async (flags: BoxFlags) => {
      show(await new AdminClient(await boxFolder(flags)).clock(), flags);
    });
}

const STATUS_HELP = `
Exit status: 0 the clock is trusted, 1 it is not, or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box clock status
  kms-box clock status --data /var/lib/kms-box --json`;

function trustCommand(): Command {
  return withYes(new Command("trust"))
    .description("say that the clock is right, until the machine is started again")
    .addHelpText("after", TRUST_HELP)
    .action(async (flags: WordFlags) => {
      show(await new AdminClient(await boxFolder(flags)).trustClock(flags.yes ?? false), flags);
    });
}

const TRUST_HELP = `
For a closed network without time servers. A clock that is behind the latest time known, or far ahead of
it, is refused without --yes. With it, a latest time known that was wrong is put right, and contacts that
were recorded later count as of now; CMIDs whose retention has ended by then are discarded.

Exit status: 0 the clock is trusted, 1 it is not, or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box clock trust
  kms-box clock trust --yes --data /var/lib/kms-box`;

function setCommand(): Command {
  return withYes(new Command("set"))
    .description("set the machine's clock, and say that it is right")
    .argument("<time>", 'such as "2030-01-31 14:05" by the local clock, or 2030-01-31T13:05:00Z')
    .addHelpText("after", SET_HELP)
    .action(async (text: string, flags: WordFlags) => {
      const timeMs = parseTime(text);
      if (timeMs === undefined) {
        throw new UsageError(
          `"${text}" is no time. Write it as "2030-01-31 14:05", or as 2030-01-31T13:05:00Z for UTC.`,
        );
      }
      show(await set(new AdminClient(await boxFolder(flags)), timeMs, flags.yes ?? false), flags);
    });
}

const SET_HELP = `
The battery clock is set too, if there is one. Where the box itself may not set the clock, root may by
this command. A time that is behind the latest time known, or far ahead of it, is refused without --yes;
see "kms-box clock trust --help".

Exit status: 0 it is set and trusted, 1 it is not, or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box clock set "2030-01-31 14:05"
  sudo kms-box clock set 2030-01-31T13:05:00Z --data /var/lib/kms-box`;

function withYes(command: Command): Command {
  return withBox(command).option("--yes", "also if the time is not near what the box knows");
}

/** The box has no rights that its own user has not; whoever runs the command may have. */
async function set(box: AdminClient, timeMs: number, yes: boolean): Promise<ClockAnswer> {
  const begunMs = performance.now();
  try {
    return await box.setClock(timeMs, yes);
  } catch (error) {
    const isForbidden = error instanceof BoxRefusedError && error.code === "clock-not-permitted";
    if (!isForbidden || process.getuid?.() !== 0) throw error;
  }
  const { TimedatectlSetter } = await import("../../adapters/system/clock/timedatectl-setter.ts");
  await new TimedatectlSetter().set(timeMs + performance.now() - begunMs);
  // The box has refused a time that needs it, before it tried.
  return box.trustClock(true);
}

function show(answer: ClockAnswer, { json }: BoxFlags): void {
  if (json) printJson(answer);
  else print(...clockLines(answer));
  if (!answer.trusted) process.exitCode = EXIT.failure;
}
