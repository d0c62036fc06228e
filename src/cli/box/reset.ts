import { resolve } from "node:path";
import { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { AdminClient, BoxNotRunningError } from "./admin-client.ts";
import { NoBoxError, requireOwnFolder } from "./licence-desk.ts";
import { type BoxFlags, boxConfig, boxFolder, withBox } from "./options.ts";
import { startFault } from "./start-fault.ts";

interface ResetFlags extends BoxFlags {
  readonly factory?: boolean;
  readonly yes?: boolean;
}

/** How far a reset has come when the command ends. */
type Outcome = "accepted" | "finished";

/** `kms-box reset --factory --yes`: makes a running or a stopped box a new one. */
export function resetCommand(): Command {
  return withBox(new Command("reset"))
    .description("erase licences, clients, settings and host key, and begin as a new box")
    .option("--factory", "reset to the factory state, which is the only reset there is")
    .option("--yes", "do it without asking again")
    .addHelpText("after", HELP)
    .action(async (flags: ResetFlags) => {
      const folder = await boxFolder(flags);
      if (!flags.factory || !flags.yes) throw new UsageError(explanation(resolve(folder)));
      const outcome = await reset(folder, flags);
      if (flags.json) printJson({ [outcome]: "factory-reset" });
      else print(...TEXTS[outcome], ...AFTERWARDS);
    });
}

const HELP = `
The box has a new host key afterwards, so that the vendor must issue a new licence for it. Machines that
are activated stay so to the end of their interval. Files that the box did not make are left alone.

A running box records the reset, ends with status 75 and erases everything when it next starts; a power
cut in between changes nothing in that. A stopped box is erased at once.

Exit status: 0 accepted or finished, 1 failed with nothing changed, 2 wrong usage or configuration.

Examples:
  kms-box reset --factory --yes
  kms-box reset --factory --yes --data /var/lib/kms-box --json`;

function explanation(folder: string): string {
  return (
    `A factory reset erases licences, clients, settings and host key of the box in ${folder} for ` +
    "good; the vendor must issue a new licence afterwards. If that is meant, write " +
    `"kms-box reset --factory --yes --data ${folder}".`
  );
}

const TEXTS: Readonly<Record<Outcome, readonly string[]>> = {
  accepted: [
    "The factory reset is recorded. The box ends within 5 seconds, and erases everything when whoever",
    "runs it starts it again.",
  ],
  finished: ["The factory reset is done. The box in this folder is a new one when it next starts."],
};

const AFTERWARDS = [
  'Then send what "kms-box licence request" prints to the vendor: the host key is a new one.',
];

async function reset(folder: string, flags: BoxFlags): Promise<Outcome> {
  try {
    await new AdminClient(folder).factoryReset();
    return "accepted";
  } catch (error) {
    if (!(error instanceof BoxNotRunningError)) throw error;
  }
  const found = requireOwnFolder(folder) && (await resetStopped(flags));
  if (found) return "finished";
  throw new NoBoxError(
    `There is no box in ${resolve(folder)}. Name its state folder with --data DIR.`,
  );
}

async function resetStopped(flags: BoxFlags): Promise<boolean> {
  const config = await boxConfig(flags);
  const { resetStoppedBox } = await import("../../compose-box.ts");
  return resetStoppedBox(config).catch((error: unknown) => {
    throw startFault(error, config);
  });
}
