import { Command, Option } from "commander";
import type { CalendarAnswer } from "../../web/api/insight-schemas.ts";
import { formatTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { type Column, tableLines } from "../support/table.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

type Lapse = CalendarAnswer["lapses"][number];

interface CalendarFlags extends BoxFlags {
  readonly format: "table" | "csv" | "ics";
}

/** `kms-box calendar`: activated machines that have not come back, and when each lapses. */
export function calendarCommand(): Command {
  return withBox(new Command("calendar"))
    .description("list the activated machines that have not come back, and when each lapses")
    .addOption(
      new Option("--format <format>", "how it is written")
        .choices(["table", "csv", "ics"])
        .default("table"),
    )
    .addHelpText("after", HELP)
    .action(async (flags: CalendarFlags) => {
      const { format, json = false } = flags;
      if (json && format !== "table") {
        throw new UsageError(`--json and --format ${format} exclude each other: leave one out.`);
      }
      const client = new AdminClient(await boxFolder(flags));
      if (format !== "table") return void process.stdout.write(await client.calendarFile(format));
      const answer = await client.calendar();
      if (json) printJson(answer);
      else print(...calendarLines(answer));
    });
}

const HELP = `
A machine has not come back if it was not heard of for one and a half renewal intervals. One that is
discarded counts no more, and is listed until its activation ends.

Exit status: 0 done, 1 failed, 2 wrong usage or configuration.

Examples:
  kms-box calendar
  kms-box calendar --format ics > lapses.ics
  kms-box calendar --format csv`;

/** The calendar for a person. */
export function calendarLines({ lapses, total }: CalendarAnswer): string[] {
  if (total === 0) return ["Every activated machine has come back."];
  const shown = lapses.length === total ? "" : `; the first ${lapses.length} are shown`;
  return [
    ...tableLines(COLUMNS, lapses),
    "",
    `${total} ${total === 1 ? "activation lapses" : "activations lapse"}${shown}`,
  ];
}

const COLUMNS: readonly Column<Lapse>[] = [
  { title: "LAPSES", cell: ({ lapses }) => formatTime(Date.parse(lapses)) },
  { title: "HOST NAME", cell: ({ hostname }) => hostname },
  { title: "PRODUCT", cell: ({ product }) => product },
  { title: "LAST CONTACT", cell: ({ lastContact }) => formatTime(Date.parse(lastContact)) },
  { title: "COUNTS", cell: ({ counts }) => (counts ? "yes" : "no") },
];
