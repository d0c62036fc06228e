import { Command } from "commander";
import type { UpgradeAnswer } from "../../web/api/upgrade-schemas.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { fieldLines } from "../support/table.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";
import { upgradeInstallCommand } from "./upgrade-install.ts";

/** `kms-box upgrade`: which version runs, how the last upgrade ended, and how another is made. */
export function upgradeCommand(): Command {
  return withBox(new Command("upgrade"))
    .description("show versions, how the last upgrade ended, and how to make another")
    .addHelpText("after", HELP)
    .addCommand(upgradeInstallCommand())
    .action(async (flags: BoxFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).upgrade();
      if (flags.json) printJson(answer);
      else print(...lines(answer));
    });
}

const HELP = `
Changes nothing; "kms-box upgrade install" does.

Exit status: 0 shown, 1 no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box upgrade
  kms-box upgrade --json --data /var/lib/kms-box`;

function lines({ version, kept, last, handedOver, how }: UpgradeAnswer): string[] {
  const ended =
    last &&
    `${last.outcome}, from ${last.from} to ${last.to}, ${last.at}${last.reason && `: ${last.reason}`}`;
  return [
    ...fieldLines([
      ["Version", version],
      ["Kept", kept ?? "none"],
      ["Last upgrade", ended ?? "none"],
      ...(handedOver ? [["Last sent", sentLine(handedOver)] as const] : []),
    ]),
    "",
    how,
  ];
}

function sentLine({ state, version, reason }: NonNullable<UpgradeAnswer["handedOver"]>): string {
  return [state, version, reason].filter((word) => word !== "").join(", ");
}
