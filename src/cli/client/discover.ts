import type { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { CLIENT_EXIT_STATUSES, NotActivatedError } from "./exit-statuses.ts";
import {
  type FindingOptions,
  readableFolder,
  type StateOptions,
  withFinding,
  withState,
} from "./options.ts";

const EXAMPLES = `
Nothing is counted and nothing changes. What a host says here is not verified: only a lease is.

Examples:
  kms-client discover
  kms-client discover --domain office.example --json
  kms-client discover --host [2001:db8::10]:1688
`;

export function addDiscover(program: Command): void {
  const command = program
    .command("discover")
    .description("Show each host found, why it was chosen, and what it answers.")
    .addHelpText("after", EXAMPLES);
  withState(withFinding(command)).action(discover);
}

async function discover(options: StateOptions & FindingOptions): Promise<void> {
  const { reachBy } = await import("./open-client.ts");
  const { whileTelling } = await import("./patience.ts");
  const { findHosts } = await import("../../client/finders.ts");
  const { introduce } = await import("../../client/introduction.ts");
  const { knownHosts } = await import("../../client/client.ts");
  const { askedLine, metHostJson, metHostLines } = await import("./found-hosts.ts");
  const settings = await readableFolder(options).readSettings();
  const { finders, transport } = reachBy(options);
  const { hosts, whyNot, asked, met } = await whileTelling(transport, async (ask) => {
    const finding = await findHosts(finders(knownHosts(settings, null)));
    const meeting = finding.hosts.map(async (host) => ({
      host,
      answer: await introduce(host, ask),
    }));
    return { ...finding, met: await Promise.all(meeting) };
  });
  if (hosts.length === 0) {
    throw new NotActivatedError(
      "host-not-found",
      `No KMS host was found: ${whyNot}. Publish the host's SRV record, or name it with --host HOST.`,
    );
  }
  const answering = met.filter(({ answer }) => !("fault" in answer));
  // One JSON value is one answer: where it tells each host's fault, no error follows it.
  if (options.json) printJson({ hosts: met.map(metHostJson), asked });
  else print(...askedLine(asked), ...metHostLines(met));
  if (answering.length === 0) process.exitCode = CLIENT_EXIT_STATUSES["host-unreachable"];
}
