import { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

/** `kms-box identify`: tells the box among others. */
export function identifyCommand(): Command {
  return withBox(new Command("identify"))
    .description("let the yellow LED blink for a minute, to find the box in a rack")
    .addHelpText("after", HELP)
    .action(async (flags: BoxFlags) => {
      const client = new AdminClient(await boxFolder(flags));
      await client.panelAct("identify");
      if (flags.json) printJson(await client.panel());
      else print("The yellow LED blinks for a minute.");
    });
}

const HELP = `
Exit status: 0 it blinks, 1 no box runs there or it has no panel, 2 wrong usage or configuration.

Examples:
  kms-box identify`;
