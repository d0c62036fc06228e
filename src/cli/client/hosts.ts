import type { Command } from "commander";
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

/** Adds `set-host` and `clear-host`. */
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
    .description("Find the host by DNS again.")
    .addHelpText("after", CLEAR_EXAMPLES);
  withState(clear).action((options: StateOptions) => keepHost(null, options));
}

async function keepHost(host: HostAddress | null, options: StateOptions): Promise<void> {
  const folder = ownFolder(options);
  await folder.locked(async () => {
    await folder.writeSettings({ ...(await folder.readSettings()), host });
  });
  const address = host && formatHostAddress(host);
  if (options.json) printJson({ host: address });
  else print(address ? `The host is now ${address}.` : "The host is found by DNS.");
}
