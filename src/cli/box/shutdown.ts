import { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

interface ShutdownFlags extends BoxFlags {
  readonly yes?: boolean;
}

/** `kms-box shutdown --yes`: switches the machine off that the box runs on. */
export function shutdownCommand(): Command {
  return withBox(new Command("shutdown"))
    .description("switch the machine off in order, so that it may be unplugged")
    .option("--yes", "do it without asking again")
    .addHelpText("after", HELP)
    .action(async (flags: ShutdownFlags) => {
      if (!flags.yes) throw new UsageError(EXPLANATION);
      const accepted = await new AdminClient(await boxFolder(flags)).powerOff();
      if (flags.json) printJson(accepted);
      else print(...TEXT);
    });
}

const HELP = `
Asks the running box, which asks systemd: it needs no privilege for that, and works for the installed
service only. The display says when the machine may be unplugged. Machines that are activated stay so.

Exit status: 0 the machine shuts down, 1 no box runs there or it cannot, 2 wrong usage or configuration.

Examples:
  kms-box shutdown --yes
  kms-box shutdown --yes --json`;

const EXPLANATION =
  "This switches the machine off, and somebody must plug it in again. Clients that are activated stay " +
  'so; none is activated meanwhile. If that is meant, write "kms-box shutdown --yes".';

const TEXT = [
  "The machine shuts down. It may be unplugged once the display says so, or without one after a minute.",
];
