import { Command } from "commander";
import type { ClonesAnswer } from "../../web/api/insight-schemas.ts";
import { formatTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT } from "../support/run-program.ts";
import { type Column, tableLines } from "../support/table.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

type Clone = ClonesAnswer["clones"][number];
type Machine = Clone["machines"][number];

/** `kms-box clones`: machines that share one CMID, and so count once. */
export function clonesCommand(): Command {
  return withBox(new Command("clones"))
    .description("find machines that share one CMID and so count only once")
    .addHelpText("after", HELP)
    .action(async (flags: BoxFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).clones();
      if (flags.json) printJson(answer);
      else print(...cloneLines(answer));
      const isFound = answer.clones.some(({ active }) => active);
      process.exitCode = isFound ? EXIT.attention : EXIT.ok;
    });
}

const HELP = `
A disk that was copied with its client has the same CMID on every machine. A machine that is renamed is
none: it does not come back under its former name.

Exit status: 0 none, 1 failed, 2 wrong usage or configuration, 3 some go on asking.

Examples:
  kms-box clones
  kms-box clones --json`;

/** The clones with their evidence and what to do, for a person. */
export function cloneLines({ clones }: ClonesAnswer): string[] {
  if (clones.length === 0) return ["No CMID was seen on several machines."];
  const uncounted = clones
    .filter(({ active }) => active)
    .reduce((total, clone) => total + clone.uncounted, 0);
  return [
    ...clones.flatMap(linesOf),
    uncounted === 1 ? "1 machine is not counted." : `${uncounted} machines are not counted.`,
  ];
}

function linesOf({ cmid, machines, evidence, active, remedy }: Clone): string[] {
  const why =
    evidence === "alternation"
      ? "one came back after another had come"
      : "one came sooner after another than a machine is replaced";
  return [
    `${cmid}: ${machines.length} machines, ${why}${active ? "" : "; only one goes on asking"}`,
    ...tableLines(COLUMNS, machines).map((line) => `  ${line}`),
    ...(active ? [`  → ${remedy}`] : []),
    "",
  ];
}

const COLUMNS: readonly Column<Machine>[] = [
  { title: "HOST NAME", cell: ({ hostname }) => hostname },
  { title: "FINGERPRINT", cell: ({ fingerprint }) => `${fingerprint.slice(0, 12)}…` },
  { title: "FIRST SEEN", cell: ({ firstSeen }) => formatTime(Date.parse(firstSeen)) },
  { title: "LAST SEEN", cell: ({ lastSeen }) => formatTime(Date.parse(lastSeen)) },
  { title: "CAME BACK", align: "right", cell: ({ returns }) => String(returns) },
];
