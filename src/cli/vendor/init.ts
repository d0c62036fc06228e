import { join } from "node:path";
import { Command } from "commander";
import { VENDOR_KEY_FILE, VENDOR_PUBLIC_KEY_FILE } from "../../adapters/keys/vendor-key-files.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { fieldLines } from "../support/table.ts";
import { createVendor } from "./vendor-folder.ts";

/** `kms-vendor init`: makes a vendor's keys. */
export function initCommand(): Command {
  return new Command("init")
    .description("make a vendor's key pair")
    .requiredOption("--dir <dir>", "folder for the keys; made if it is missing")
    .option("--name <name>", "what clients and hosts show (default: the folder's name)")
    .option("--json", "answer as JSON")
    .addHelpText("after", HELP)
    .action(async ({ dir, name, json }: { dir: string; name?: string; json?: boolean }) => {
      const vendor = await createVendor(dir, name);
      const { thumbprint } = vendor.signer;
      const privateKey = join(dir, VENDOR_KEY_FILE);
      const publicKey = join(dir, VENDOR_PUBLIC_KEY_FILE);
      if (json) return printJson({ name: vendor.name, thumbprint, privateKey, publicKey });
      print(
        ...fieldLines([
          ["Vendor", vendor.name],
          ["Thumbprint", thumbprint],
          ["Private key", `${privateKey}  (keep a copy in a safe; never give it away)`],
          ["Public key", `${publicKey}  (ship it with your software: clients trust this key)`],
        ]),
        "",
        "Publish the thumbprint, so that whoever installs your licence can compare it.",
      );
    });
}

const HELP = `
Makes vendor.jwk (private, readable by its owner only) and vendor.pub.jwk. Keys that are there are
never replaced.

Examples:
  kms-vendor init --dir acme-keys --name "ACME Software"
  kms-vendor init --dir acme-keys --json`;
