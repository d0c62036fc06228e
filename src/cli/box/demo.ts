import { Argument, Command, Option } from "commander";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { type BoxFlags, boxFolder, wholeNumber, withBox } from "./options.ts";

/** What a script is told where nobody is activated because too few have asked, or none is served. */
export const BELOW_THRESHOLD_STATUS = 3;

const DEFAULT_CLIENTS = 25;
const MOST_CLIENTS = 10_000;
const MOST_PAUSE_MS = 60_000;

interface DemoFlags extends BoxFlags {
  readonly clients?: number;
  readonly pause: number;
  readonly product?: string;
  readonly processes?: boolean;
  readonly new?: boolean;
}

/** `kms-box demo`: plays so many clients of a running box. */
export function demoCommand(): Command {
  const clients = wholeNumber("The number of clients", 1, MOST_CLIENTS);
  return withBox(new Command("demo"))
    .description("let demonstration clients ask a running box, and watch the count climb")
    .addArgument(
      new Argument("[n]", `how many clients (default: ${DEFAULT_CLIENTS})`).argParser(clients),
    )
    .addOption(new Option("-n, --clients <n>", "the same").argParser(clients))
    .addOption(
      new Option("--pause <ms>", "pause between clients, in milliseconds")
        .argParser(wholeNumber("--pause", 0, MOST_PAUSE_MS))
        .default(100),
    )
    .option("--product <id>", "another product than the demonstration's own")
    .option("--processes", "start a process for each request")
    .option("--new", "make new clients instead of renewing those of the last time")
    .addHelpText("after", HELP)
    .action(demo);
}

const HELP = `
Every client has a key of its own, opens a connection of its own, on Linux from an address of its own,
and checks the answer as a real one does. The clients are kept in the box's state folder.

Exit status: 0 the threshold is reached and a lease was verified; 3 too few clients have asked, or the
box refuses them; 1 anything else.

Examples:
  kms-box demo
  kms-box demo 10
  kms-box demo -n 30 --pause 500
  kms-box demo 5 --new`;

async function demo(count: number | undefined, flags: DemoFlags): Promise<void> {
  if (count !== undefined && flags.clients !== undefined && count !== flags.clients) {
    throw new UsageError(`How many clients: ${count}, or ${flags.clients}? Name one number.`);
  }
  const { runDemo } = await import("./demo/run-demo.ts");
  const outcome = await runDemo(await boxFolder(flags), {
    clients: count ?? flags.clients ?? DEFAULT_CLIENTS,
    pauseMs: flags.pause,
    product: flags.product,
    processes: flags.processes ?? false,
    fresh: flags.new ?? false,
    quiet: flags.json ?? false,
  });
  if (flags.json) printJson(outcome);
  if (!outcome.verified) process.exitCode = BELOW_THRESHOLD_STATUS;
}
