import type { Command } from "commander";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { ownFolder, type StateOptions, withState } from "./options.ts";

const EXAMPLES = `
For a disk image before it is cloned, or when the client's key is lost. The client gets a new key
and CMID and is no longer activated; products, vendor keys and the configured host stay.

Examples:
  kms-client rearm
  kms-client rearm --state /mnt/image/var/lib/kms-client
`;

export function addRearm(program: Command): void {
  const command = program
    .command("rearm")
    .description("Give this client a new identity and forget its activation.")
    .addHelpText("after", EXAMPLES);
  withState(command).action(rearm);
}

async function rearm(options: StateOptions): Promise<void> {
  const { openClient } = await import("./open-client.ts");
  const { signer } = await openClient(ownFolder(options), {}, () => {}).rearm();
  if (options.json) printJson({ cmid: signer.cmid });
  else print(`The CMID is now ${signer.cmid}. Next: kms-client activate`);
}
