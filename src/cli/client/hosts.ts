import { Argument, type Command } from "commander";
import {
  formatHostAddress,
  type HostAddress,
  parseHostAddress,
} from "../../client/host-address.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { ownFolder, type StateOptions, withState } from "./options.ts";

const SET_EXAMPLES = `
Examples:
  kms-client set-host kms.office.example
  kms-client set-host [2001:db8::10]:1688
`;

const CLEAR_EXAMPLES = `
Example:
  kms-client clear-host
`;

const MDNS_EXAMPLES = `
Asked only where DNS names no host. What is found there is trusted no more than any other host.

Example:
  kms-client set-mdns off
`;

/** Adds `set-host`, `clear-host` and `set-mdns`. */
export function addHosts(program: Command): void {
  const set = program
    .command("set-host")
    .argument("<host[:port]>", "name or address of the host")
    .description("Always ask this host, and look for no other.")
    .addHelpText("after", SET_EXAMPLES);
  withState(set).action((host: string, options: StateOptions) =>
    keepHost(parseHostAddress(host), options),
  );
  const clear = program
    .command("clear-host")
    .description("Find the host by DNS or mDNS again.")
    .addHelpText("after", CLEAR_EXAMPLES);
  withState(clear).action((options: StateOptions) => keepHost(null, options));
  const mdns = program
    .command("set-mdns")
    .addArgument(new Argument("<on|off>", "whether to ask by mDNS").choices(["on", "off"]))
    .description("Ask this machine's own links for a host, or never.")
    .addHelpText("after", MDNS_EXAMPLES);
  withState(mdns).action((choice: string, options: StateOptions) =>
    keepMdns(choice === "on", options),
  );
}

async function keepMdns(mdns: boolean, options: StateOptions): Promise<void> {
  const folder = ownFolder(options);
  await folder.locked(async () => {
    await folder.writeSettings({ ...(await folder.readSettings()), mdns });
  });
  if (options.json) printJson({ mdns });
  else print(mdns ? "Hosts are found by mDNS too." : "Hosts are not found by mDNS.");
}

async function keepHost(host: HostAddress | null, options: StateOptions): Promise<void> {
  const folder = ownFolder(options);
  await folder.locked(async () => {
    await folder.writeSettings({ ...(await folder.readSettings()), host });
  });
  const address = host && formatHostAddress(host);
  if (options.json) printJson({ host: address });
  else print(address ? `The host is now ${address}.` : "The host is found by DNS or mDNS.");
}
