import { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT } from "../support/run-program.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

interface ExplainFlags extends BoxFlags {
  readonly product?: string;
}

/** `kms-box explain`: why a machine is activated or not. */
export function explainCommand(): Command {
  return withBox(new Command("explain"))
    .description("say in one sentence why a machine is activated or is not")
    .argument("<machine>", "its host name, with or without the domain, or its CMID")
    .option("--product <id>", "only for this product, by id or name")
    .addHelpText("after", HELP)
    .action(async (machine: string, flags: ExplainFlags) => {
      const client = new AdminClient(await boxFolder(flags));
      const answer = await client.explain({ machine, product: flags.product });
      const { explanations } = answer;
      const cmids = new Set(explanations.map(({ cmid }) => cmid));
      if (flags.json) printJson(answer);
      else {
        if (cmids.size > 1) print(`${cmids.size} machines are called ${machine}:`);
        print(
          ...explanations.map(({ sentence, cmid }) =>
            cmids.size > 1 ? `${cmid}  ${sentence}` : sentence,
          ),
        );
      }
      const isActivated = explanations.every(({ activated }) => activated);
      process.exitCode = isActivated ? EXIT.ok : EXIT.attention;
    });
}

const HELP = `
A name that several machines share is explained for each of them.

Exit status: 0 activated, 1 failed, 2 wrong usage or configuration, 3 not activated, or not known.

Examples:
  kms-box explain PC-17
  kms-box explain PC-17.office.example --product acme-writer --json`;
