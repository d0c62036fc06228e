import { Command } from "commander";
import type { LicenceList, LicenceView } from "../../web/api/schemas.ts";
import { readInput } from "../support/files.ts";
import { licenceLines } from "../support/licence-lines.ts";
import { print, printJsonLine, remark } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { type LicenceDesk, openDesk } from "./licence-desk.ts";
import { type BoxFlags, withBox } from "./options.ts";

/** How the vendor of a licence came to be trusted. */
type Trust = "first-use" | "known" | "added";

/** `kms-box licence`: request, install, show; on a running or a stopped box. */
export function licenceCommand(): Command {
  return new Command("licence")
    .description("ask for, install and show the vendor's licence")
    .addHelpText("after", HELP)
    .addCommand(requestCommand())
    .addCommand(installCommand())
    .addCommand(showCommand());
}

const HELP = `
Works on a running box, and on the state folder of a stopped one.

Examples:
  kms-box licence request > host.jwk
  kms-box licence install acme.licence
  kms-box licence show`;

function requestCommand(): Command {
  return withBox(new Command("request"))
    .description("print the host's public key, which the vendor needs for a licence")
    .addHelpText("after", REQUEST_HELP)
    .action((flags: BoxFlags) =>
      atDesk(flags, { make: true }, async (desk) => {
        printJsonLine(await desk.request());
        if (process.stdout.isTTY && !flags.json) {
          remark("Send this line to the vendor. It is not secret.");
        }
      }),
    );
}

const REQUEST_HELP = `
Makes the host key, and the state folder, if there is none yet.

Examples:
  kms-box licence request > host.jwk
  kms-box licence request --data /var/lib/kms-box`;

function installCommand(): Command {
  return withBox(new Command("install"))
    .description("install a licence")
    .argument("<file>", "the licence as the vendor sent it; - is standard input")
    .option("--add-vendor", "trust a second vendor beside the first")
    .addHelpText("after", INSTALL_HELP)
    .action(install);
}

const INSTALL_HELP = `
The vendor of the first licence is trusted on first use: compare the thumbprint that is printed with
the one that the vendor published. A licence of another vendor is refused without --add-vendor.

Exit status: 0 installed; 1 refused: damaged, for another host, expired, not yet valid, or of a
vendor that is not trusted.

Examples:
  kms-box licence install acme.licence
  kms-box licence install other.licence --add-vendor --data /var/lib/kms-box`;

async function install(file: string, flags: BoxFlags & { addVendor?: boolean }): Promise<void> {
  const token = (await readInput(file)).trim();
  await atDesk(flags, { make: false }, async (desk) => {
    const before = await desk.list();
    const installed = await desk.install(token, flags.addVendor ?? false);
    const trust = trustOf(installed, before);
    if (flags.json) printJson({ host: before.host, trust, ...installed });
    else tellInstalled(installed, trust);
  });
}

function trustOf({ vendorThumbprint }: LicenceView, { licences }: LicenceList): Trust {
  if (licences.length === 0) return "first-use";
  return licences.some((each) => each.vendorThumbprint === vendorThumbprint) ? "known" : "added";
}

function tellInstalled(installed: LicenceView, trust: Trust): void {
  print(
    `Installed the licence of "${installed.vendor}".`,
    "",
    ...licenceLines(installed, Date.now()),
    "",
    TRUST_TEXTS[trust],
  );
}

const TRUST_TEXTS: Readonly<Record<Trust, string>> = {
  "first-use":
    "This vendor is trusted from now on, on first use. Compare the vendor key above with the one\n" +
    "that the vendor published.",
  known: "This vendor was trusted before.",
  added:
    "This vendor is trusted from now on beside the others. Compare the vendor key above with the\n" +
    "one that the vendor published.",
};

function showCommand(): Command {
  return withBox(new Command("show"))
    .description("show the installed licences")
    .addHelpText("after", SHOW_HELP)
    .action((flags: BoxFlags) =>
      atDesk(flags, { make: false }, async (desk) => {
        const list = await desk.list();
        if (flags.json) printJson(list);
        else tellList(list);
      }),
    );
}

const SHOW_HELP = `
Examples:
  kms-box licence show
  kms-box licence show --json --data /var/lib/kms-box`;

function tellList({ host, licences }: LicenceList): void {
  print(`Host key  ${host}`);
  for (const licence of licences) print("", ...licenceLines(licence, Date.now()));
  if (licences.length === 0) {
    print(
      "",
      'No licence is installed. Send what "kms-box licence request" prints to the vendor, and install',
      'the answer by "kms-box licence install FILE".',
    );
  }
}

async function atDesk(
  flags: BoxFlags,
  options: { make: boolean },
  work: (desk: LicenceDesk) => Promise<void>,
): Promise<void> {
  const desk = await openDesk(flags, options);
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}
