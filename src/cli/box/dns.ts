import { Command } from "commander";
import type { DnsAnswer } from "../../web/api/dns-schemas.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT } from "../support/run-program.ts";
import { AdminClient } from "./admin-client.ts";
import { dnsKeyCommand } from "./dns-key.ts";
import { dnsLines, dnsView, isWell } from "./dns-lines.ts";
import { dnsRecordCommand } from "./dns-record.ts";
import { type BoxFlags, boxFolder, type WatchFlags, withBox, withWatch } from "./options.ts";
import { watch } from "./watch.ts";

/** `kms-box dns`: how the box is published, publish it anew, withdraw it. */
export function dnsCommand(): Command {
  return new Command("dns")
    .description("show, renew and withdraw the record by which clients find the box")
    .addHelpText("after", HELP)
    .addCommand(statusCommand())
    .addCommand(publishCommand())
    .addCommand(withdrawCommand())
    .addCommand(dnsRecordCommand())
    .addCommand(dnsKeyCommand());
}

const HELP = `
Domains, keys and servers stand in the configuration; see "kms-box dns status" for how each is.

Examples:
  kms-box dns status
  kms-box dns publish
  kms-box dns withdraw office.example
  kms-box dns record --domain office.example --format windows`;

function statusCommand(): Command {
  return withWatch(new Command("status"))
    .description("show how the box stands in each of its domains")
    .addHelpText("after", STATUS_HELP)
    .action(async (flags: WatchFlags) => {
      const client = new AdminClient(await boxFolder(flags));
      if (flags.watch) return watch(dnsView(client), flags.json ?? false);
      const answer = await client.dns();
      show(answer, flags);
      // What somebody withdrew is as it should be.
      if (!answer.domains.every((each) => isWell(each) || each.state === "withdrawn")) fail();
    });
}

const STATUS_HELP = `
States: pending (not tried yet), published, failed (with the reason; it is tried again), foreign
(another host is published, and "coexist" is not set: nothing was written), withdrawn.

With --watch it is redrawn every second; into a pipe goes one line, or with --json one document, for
each change.

Exit status: 0 all is well, 1 a domain is pending, failed or foreign, or no box runs there, 2 wrong
usage or configuration.

Examples:
  kms-box dns status
  kms-box dns status --watch --data /var/lib/kms-box
  kms-box dns status --json`;

function publishCommand(): Command {
  return withBox(new Command("publish"))
    .description("write the records anew, also those that were withdrawn")
    .addHelpText("after", PUBLISH_HELP)
    .action(async (flags: BoxFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).publishDns();
      show(answer, flags);
      if (!answer.domains.every(isWell)) fail();
    });
}

const PUBLISH_HELP = `
Waits up to 8 seconds for the name servers; a box that fails tries again by itself.

Exit status: 0 published in all domains, 1 not, 2 wrong usage or configuration.

Examples:
  kms-box dns publish
  kms-box dns publish --json --data /var/lib/kms-box`;

function withdrawCommand(): Command {
  return withBox(new Command("withdraw"))
    .description("remove this box's records, and nobody else's")
    .argument("[domain]", "only there; else in all domains")
    .addHelpText("after", WITHDRAW_HELP)
    .action(async (domain: string | undefined, flags: BoxFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).withdrawDns(domain);
      show(answer, flags);
      const meant = answer.domains.filter((each) => domain === undefined || isNamed(each, domain));
      if (!meant.every(({ state }) => state === "withdrawn")) fail();
    });
}

const WITHDRAW_HELP = `
They stay away until "kms-box dns publish", or until the box starts again. Clients that know the box
go on asking it.

Exit status: 0 withdrawn, 1 not, 2 wrong usage or configuration.

Examples:
  kms-box dns withdraw
  kms-box dns withdraw office.example --data /var/lib/kms-box`;

function isNamed({ domain }: DnsAnswer["domains"][number], name: string): boolean {
  return domain === name.toLowerCase().replace(/\.$/, "");
}

function show(answer: DnsAnswer, { json }: BoxFlags): void {
  if (json) printJson(answer);
  else print(...dnsLines(answer));
}

function fail(): void {
  process.exitCode = EXIT.failure;
}
