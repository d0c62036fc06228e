import { Command } from "commander";
import type { DnsKeyChangeAnswer } from "../../web/api/dns-schemas.ts";
import { readInput } from "../support/files.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

/** `kms-box dns key`: the keys that updates of domains are signed with. */
export function dnsKeyCommand(): Command {
  return new Command("key")
    .description("give the running box the key of a domain, or take it away")
    .addHelpText("after", HELP)
    .addCommand(setCommand())
    .addCommand(removeCommand());
}

const HELP = `
Examples:
  kms-box dns key set office.example office.key
  kms-box dns key remove office.example`;

function setCommand(): Command {
  return withBox(new Command("set"))
    .description("sign the updates of a domain with a TSIG key")
    .argument("<domain>", "one of dns.domains")
    .argument("[file]", "key as tsig-keygen writes it; else from standard input", "-")
    .addHelpText("after", SET_HELP)
    .action(async (domain: string, file: string, flags: BoxFlags) => {
      const { parseTsigKey } = await import("../../adapters/dns/tsig-key-file.ts");
      const key = parseTsigKey(await readInput(file));
      if (key === undefined) {
        throw new UsageError(
          `${file === "-" ? "Standard input" : file} holds no TSIG key: make one by tsig-keygen ` +
            "-a hmac-sha256 NAME.",
        );
      }
      const client = new AdminClient(await boxFolder(flags));
      tell(await client.setDnsKey(domain, key), "The key is kept", flags);
    });
}

const SET_HELP = `
The key is kept in the state folder and never shown again. It takes the place of one that the
configuration file names. A factory reset erases it; backups have it.

Exit status: 0 kept, 1 refused, or no box runs there, 2 wrong usage, configuration or no key.

Examples:
  kms-box dns key set office.example office.key
  tsig-keygen -a hmac-sha256 kms | tee kms.key | kms-box dns key set office.example`;

function removeCommand(): Command {
  return withBox(new Command("remove"))
    .description("forget the key of a domain that was given by this command or the page")
    .argument("<domain>", "such as office.example")
    .addHelpText("after", REMOVE_HELP)
    .action(async (domain: string, flags: BoxFlags) => {
      const client = new AdminClient(await boxFolder(flags));
      tell(await client.removeDnsKey(domain), "The key is gone", flags);
    });
}

const REMOVE_HELP = `
Exit status: 0 removed, 1 there is none, or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box dns key remove office.example
  kms-box dns key remove office.example --json --data /var/lib/kms-box`;

function tell(answer: DnsKeyChangeAnswer, what: string, { json }: BoxFlags): void {
  if (json) printJson(answer);
  else print(`${what}${answer.restartNeeded ? "; in use after: kms-box restart" : "."}`);
}
