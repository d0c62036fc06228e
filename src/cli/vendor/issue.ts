import { Command } from "commander";
import type { IssueFlags } from "./issue-licence.ts";

/** `kms-vendor licence issue`: signs a licence for one host. */
export function issueCommand(): Command {
  return new Command("issue")
    .description("sign a licence for one host")
    .requiredOption("--dir <dir>", "folder of the vendor's keys")
    .requiredOption("--host-key <file>", "public key of the host; - is standard input")
    .requiredOption("--product <members>", "id=…,name=…,application=…,threshold=N", listed)
    .requiredOption("--days <n>", "how long the licence is valid")
    .option("--from <date>", "day or time from which it is valid (default: now)")
    .option("--name <name>", "vendor name on this licence (default: as in init)")
    .option("--out <file>", "where to write the licence (default: standard output)")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(async (flags: IssueFlags) => {
      const { issueLicence } = await import("./issue-licence.ts");
      await issueLicence(flags);
    });
}

const HELP = `
Products of one application are counted together. The threshold is the count from which a product is
activated: 25 if left out, 5 is usual for servers.

Examples:
  kms-vendor licence issue --dir acme-keys --host-key host.jwk --days 365 --out acme.licence \\
      --product "id=acme-cad,name=ACME CAD,application=acme,threshold=25"
  ssh box kms-box licence request | kms-vendor licence issue --dir acme-keys --host-key - \\
      --days 30 --product "id=acme-server,name=ACME Server,application=acme-server,threshold=5"`;

function listed(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
