import { Command } from "commander";
import type { CertificateAnswer } from "../../web/api/certificate-schemas.ts";
import { formatTime } from "../support/dates.ts";
import { readInput } from "../support/files.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { readSecretFile } from "../support/passphrase.ts";
import { fieldLines } from "../support/table.ts";
import { AccessClient } from "./access-client.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

interface InstallFlags extends BoxFlags {
  readonly cert: string;
  readonly key: string;
}

/** `kms-box certificate`: what the administration proves itself with to a browser. */
export function certificateCommand(): Command {
  return new Command("certificate")
    .description("show or replace the certificate of the administration")
    .addHelpText("after", HELP)
    .addCommand(showCommand())
    .addCommand(installCommand())
    .addCommand(renewCommand());
}

const HELP = `
Examples:
  kms-box certificate show
  kms-box certificate install --cert kms.crt --key kms.key
  kms-box certificate renew`;

function showCommand(): Command {
  return withBox(new Command("show"))
    .description("show the certificate's fingerprint, names and end")
    .addHelpText("after", SHOW_HELP)
    .action(async (flags: BoxFlags) => show(await (await clientOf(flags)).certificate(), flags));
}

const SHOW_HELP = `
Compare the fingerprint with the one that the browser shows before you give it the password.

Examples:
  kms-box certificate show
  kms-box certificate show --json`;

function installCommand(): Command {
  return withBox(new Command("install"))
    .description("use a certificate of your own from now on")
    .requiredOption("--cert <file>", "PEM, the box's own first, then those above it")
    .requiredOption("--key <file>", "its key, PEM, not encrypted; a file that is yours alone")
    .addHelpText("after", INSTALL_HELP)
    .action(async (flags: InstallFlags) => {
      const certificate = await readInput(flags.cert);
      const key = await readSecretFile(flags.key, "all");
      show(await (await clientOf(flags)).installCertificate({ certificate, key }), flags);
    });
}

const INSTALL_HELP = `
It is used at once, without a restart. The box does not renew it: install its successor in the same way.
Backups do not have it.

Examples:
  kms-box certificate install --cert kms.crt --key kms.key`;

function renewCommand(): Command {
  return withBox(new Command("renew"))
    .description("make a new certificate that the box signs itself")
    .addHelpText("after", RENEW_HELP)
    .action(async (flags: BoxFlags) =>
      show(await (await clientOf(flags)).renewCertificate(), flags),
    );
}

const RENEW_HELP = `
For the names and addresses that the box has now. Browsers ask again whether to trust it.

Examples:
  kms-box certificate renew`;

async function clientOf(flags: BoxFlags): Promise<AccessClient> {
  return new AccessClient(new AdminClient(await boxFolder(flags)));
}

function show(answer: CertificateAnswer, { json = false }: BoxFlags): void {
  if (json) {
    printJson(answer);
    return;
  }
  const { fingerprint, names, selfSigned, issuer, validFrom, validTo } = answer;
  print(
    ...fieldLines([
      ["SHA-256", fingerprint],
      ["For", names.join(", ")],
      ["Signed by", selfSigned ? "this box itself" : issuer],
      ["Valid from", formatTime(Date.parse(validFrom))],
      ["Valid to", formatTime(Date.parse(validTo))],
    ]),
  );
}
