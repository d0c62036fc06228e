import type { Command } from "commander";
import { formatTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { fieldLines } from "../support/table.ts";
import { NotActivatedError } from "./exit-statuses.ts";
import {
  type ProductOptions,
  readableFolder,
  readVendorKey,
  withProduct,
  withState,
} from "./options.ts";

interface VerifyOptions extends ProductOptions {
  readonly vendorKey?: string;
}

const EXAMPLES = `
Nobody is asked: vendor key, licence, host key, lease, client key, machine and time are held
against each other again, as a vendor's program does.

Examples:
  kms-client verify
  kms-client verify --product office-suite --vendor-key vendor.pub.jwk
`;

export function addVerify(program: Command): void {
  const command = program
    .command("verify")
    .description("Check the stored lease again, offline.")
    .option("--vendor-key <file>", "hold it against this key instead of the one kept")
    .addHelpText("after", EXAMPLES);
  withState(withProduct(command)).action(verify);
}

async function verify(options: VerifyOptions): Promise<void> {
  const { checkActivation } = await import("../../client/check.ts");
  const { onlyProduct, requirePin } = await import("../../client/vendor-pin.ts");
  const folder = readableFolder(options);
  const settings = await folder.readSettings();
  const product = options.product ?? onlyProduct(settings);
  const vendorKey =
    options.vendorKey === undefined
      ? requirePin(settings, product)
      : await readVendorKey(options.vendorKey);
  const answer = await checkActivation({ product, vendorKey, state: folder.path });
  if (!answer.activated) throw new NotActivatedError(codeOf(answer.reason), answer.message);
  if (options.json) {
    printJson({ product, ...answer });
    return;
  }
  const { status, remainingMinutes, expires } = answer;
  print(
    ...fieldLines([
      ["Product", product],
      ["Lease", "holds"],
      ["Licence status", status],
      ["Ends in", `${remainingMinutes} minutes`],
      ["Ends on", expires ? formatTime(expires.getTime()) : "never"],
    ]),
  );
}

/** Reasons that are no distrust keep their name; all others mean that the lease is not believed. */
function codeOf(reason: string): string {
  const own = ["not-installed", "never-activated", "lease-ended", "state-unusable"];
  return own.includes(reason) ? reason : "not-trusted";
}
