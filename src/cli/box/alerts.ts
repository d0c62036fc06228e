import { Command } from "commander";
import type { AlertsAnswer, AlertsTest } from "../../web/api/alert-schemas.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT } from "../support/run-program.ts";
import { Waiting } from "../support/waiting.ts";
import { AdminClient } from "./admin-client.ts";
import { alertLines, testLines } from "./alert-lines.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

/** `kms-box alerts`: what is wrong and who is told of it; whether they can be told. */
export function alertsCommand(): Command {
  return new Command("alerts")
    .description("show what somebody is told of by webhook and e-mail, and try whether that works")
    .addHelpText("after", HELP)
    .addCommand(statusCommand())
    .addCommand(testCommand());
}

const HELP = `
Who is told stands in the configuration, as alerts.webhooks and alerts.mail.

Examples:
  kms-box alerts status
  kms-box alerts test`;

function statusCommand(): Command {
  return withBox(new Command("status"))
    .description("show what is wrong, and whether everybody has been told")
    .addHelpText("after", STATUS_HELP)
    .action(async (flags: BoxFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).alerts();
      if (flags.json) printJson(answer);
      else print(...alertLines(answer));
      process.exitCode = isWell(answer) ? EXIT.ok : EXIT.failure;
    });
}

const STATUS_HELP = `
What is wrong shows here once it has lasted long enough to be told, also where nobody is configured to be.

Exit status: 0 nothing is wrong and everybody has been told, 1 something is, somebody could not be told,
or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box alerts status
  kms-box alerts status --json --data /var/lib/kms-box`;

function isWell({ raised, targets }: AlertsAnswer): boolean {
  return raised.length === 0 && targets.every(({ code }) => code === null);
}

function testCommand(): Command {
  return withBox(new Command("test"))
    .description("send a test to everybody who is told, and show what became of each")
    .addHelpText("after", TEST_HELP)
    .action(async (flags: BoxFlags) => {
      const waiting = new Waiting("whoever is to be told", "Sending");
      const client = new AdminClient(await boxFolder(flags));
      const answer = await client.testAlerts().finally(() => waiting.end());
      if (flags.json) printJson(answer);
      else print(...testLines(answer));
      process.exitCode = allTook(answer) ? EXIT.ok : EXIT.failure;
    });
}

const TEST_HELP = `
It goes out at once, whatever a receiver is told otherwise, and is not tried again. Takes 30 s at most.

Exit status: 0 every receiver took it, 1 one did not, there is none, or no box runs there, 2 wrong usage
or configuration.

Examples:
  kms-box alerts test
  kms-box alerts test --json --data /var/lib/kms-box`;

function allTook({ targets }: AlertsTest): boolean {
  return targets.length > 0 && targets.every(({ taken }) => taken);
}
