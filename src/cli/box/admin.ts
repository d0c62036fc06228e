import { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { askPassphrase } from "../support/passphrase.ts";
import { AccessClient } from "./access-client.ts";
import { AdminClient } from "./admin-client.ts";
import { adminTokenCommand } from "./admin-token.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

interface PasswordFlags extends BoxFlags {
  readonly passwordFile?: string;
}

/** `kms-box admin`: who may administer the box over HTTPS. */
export function adminCommand(): Command {
  return new Command("admin")
    .description("set the administrator's password, and make tokens for programs")
    .addHelpText("after", HELP)
    .addCommand(passwordCommand())
    .addCommand(adminTokenCommand());
}

const HELP = `
In a browser a box is claimed by the one-time code that its button shows; these commands need none, as
whoever may open the box's socket could read its state as well.

Examples:
  kms-box admin password
  kms-box admin token create monitoring --scope status`;

function passwordCommand(): Command {
  return withBox(new Command("password"))
    .description("set the administrator's password, in place of one that is lost")
    .option("--password-file <file>", "take it from the first line of a file that is yours alone")
    .addHelpText("after", PASSWORD_HELP)
    .action(async (flags: PasswordFlags) => {
      const client = new AccessClient(new AdminClient(await boxFolder(flags)));
      await client.setPassword(await askPassphrase({ file: flags.passwordFile, twice: true }));
      if (flags.json) printJson({ set: true });
      else print("The password is set. Whoever was logged in has to log in again.");
    });
}

const PASSWORD_HELP = `
It is asked for twice and not shown, or read from standard input or a file. It has 12 characters or more.

Examples:
  kms-box admin password
  kms-box admin password --password-file new-password.txt`;
