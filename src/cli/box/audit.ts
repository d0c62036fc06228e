import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import type { AuditPage } from "../../web/api/audit-schemas.ts";
import { formatLogTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT } from "../support/run-program.ts";
import { type Column, tableLines } from "../support/table.ts";
import { AccessClient } from "./access-client.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, wholeNumber, withBox } from "./options.ts";

interface ShowFlags extends BoxFlags {
  readonly limit: number;
}

const MOST_ENTRIES = 1000;

/** `kms-box audit`: what was done to the box, by whom. */
export function auditCommand(): Command {
  return new Command("audit")
    .description("show, export and check the log of administrative acts")
    .addHelpText("after", HELP)
    .addCommand(showCommand())
    .addCommand(exportCommand())
    .addCommand(checkCommand());
}

const HELP = `
Examples:
  kms-box audit show --limit 20
  kms-box audit export >audit.jsonl
  kms-box audit check`;

function showCommand(): Command {
  return withBox(new Command("show"))
    .description("show the newest acts, the newest first")
    .addOption(
      new Option("--limit <n>", "show at most so many")
        .argParser(wholeNumber("--limit", 1, MOST_ENTRIES))
        .default(50),
    )
    .addHelpText("after", SHOW_HELP)
    .action(async (flags: ShowFlags) => {
      const page = await (await clientOf(flags)).audit(flags.limit);
      if (flags.json) printJson(page);
      else if (page.total === 0) print("Nothing was done yet.");
      else print(...tableLines(COLUMNS, page.entries));
    });
}

const SHOW_HELP = `
Examples:
  kms-box audit show
  kms-box audit show --limit 5 --json`;

function exportCommand(): Command {
  return withBox(new Command("export"))
    .description("write the whole log to standard output, as JSON lines")
    .addHelpText("after", EXPORT_HELP)
    .action(async (flags: BoxFlags) => {
      const lines = await (await clientOf(flags)).exportAudit();
      await pipeline(lines, process.stdout, { end: false });
    });
}

const EXPORT_HELP = `
Each line has the SHA-256 of the line before it as "previous", and as "hash" that of its own text up to
there: what was exported shows later whether the box's log was changed.

Examples:
  kms-box audit export >audit.jsonl`;

function checkCommand(): Command {
  return withBox(new Command("check"))
    .description("check that nobody changed or cut the log")
    .addHelpText("after", CHECK_HELP)
    .action(async (flags: BoxFlags) => {
      const check = await (await clientOf(flags)).checkAudit();
      if (flags.json) printJson(check);
      else print(check.detail);
      if (!check.whole) process.exitCode = EXIT.failure;
    });
}

const CHECK_HELP = `
Exit status: 0 it is whole, 1 it is broken, or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box audit check
  kms-box audit check --json`;

async function clientOf(flags: BoxFlags): Promise<AccessClient> {
  return new AccessClient(new AdminClient(await boxFolder(flags)));
}

const COLUMNS: readonly Column<AuditPage["entries"][number]>[] = [
  { title: "TIME", cell: ({ time }) => formatLogTime(Date.parse(time)) },
  { title: "WHO", cell: ({ actor }) => actor },
  { title: "FROM", cell: ({ source }) => source },
  { title: "ACT", cell: ({ act }) => act },
  { title: "ON", cell: ({ target }) => target ?? "" },
  { title: "OUTCOME", cell: ({ outcome }) => outcome },
];
