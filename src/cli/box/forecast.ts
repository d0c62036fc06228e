import { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT } from "../support/run-program.ts";
import { AdminClient } from "./admin-client.ts";
import { forecastLines } from "./forecast-lines.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

interface ForecastFlags extends BoxFlags {
  readonly without?: string;
  readonly pessimistic?: boolean;
}

/** `kms-box forecast`: what the counts will be if nobody new comes. */
export function forecastCommand(): Command {
  return withBox(new Command("forecast"))
    .description("foresee the counts of the next 30 days if no new machine comes")
    .option("--without <hosts>", "may these be retired? host names or CMIDs, with commas between")
    .option("--pessimistic", "as if no machine at all came again")
    .addHelpText("after", HELP)
    .action(async (flags: ForecastFlags) => {
      const { without, pessimistic = false, json = false } = flags;
      const client = new AdminClient(await boxFolder(flags));
      const answer = await client.forecast({ without, ifNobodyReturns: pessimistic });
      const asked = { isWhatIf: without !== undefined, nobodyReturns: pessimistic };
      if (json) printJson(answer);
      else print(...forecastLines(answer, asked));
      process.exitCode = answer.safe ? EXIT.ok : EXIT.attention;
    });
}

const HELP = `
A machine that was not heard of for one and a half renewal intervals is overdue: it is taken to be gone,
and leaves 30 days after its last contact. All others are taken to keep their rhythm.

Exit status: 0 every product keeps its threshold, 1 failed, 2 wrong usage or configuration, 3 a product is
or falls below its threshold.

Examples:
  kms-box forecast
  kms-box forecast --without PC-17,PC-18
  kms-box forecast --pessimistic --json`;
