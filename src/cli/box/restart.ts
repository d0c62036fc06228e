import { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

/** `kms-box restart`: lets the running box start again. */
export function restartCommand(): Command {
  return withBox(new Command("restart"))
    .description("let the running box stop in order and start again")
    .addHelpText("after", HELP)
    .action(async (flags: BoxFlags) => {
      const accepted = await new AdminClient(await boxFolder(flags)).restart();
      if (flags.json) printJson(accepted);
      else print(...TEXT);
    });
}

const HELP = `
Returns as soon as the box has accepted. It answers what it has begun, ends with status 75, and is
started again by whoever runs it: systemd, or with --demo the box itself.

Exit status: 0 accepted, 1 no box runs there or it is stopping already, 2 wrong usage or configuration.

Examples:
  kms-box restart
  kms-box restart --data /var/lib/kms-box --json`;

const TEXT = [
  "The box restarts. It answers what it has begun, ends within 5 seconds, and is started again by",
  'whoever runs it. "kms-box status" shows when it is back.',
];
