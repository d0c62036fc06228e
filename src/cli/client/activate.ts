import type { Command } from "commander";
import type { AttemptReport } from "../../client/client.ts";
import { formatHostAddress } from "../../client/host-address.ts";
import { SECOND_MS } from "../../domain/units.ts";
import { print, remark } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { NotActivatedError } from "./exit-statuses.ts";
import {
  type FindingOptions,
  ownFolder,
  type ProductOptions,
  readVendorKey,
  withFinding,
  withProduct,
  withState,
} from "./options.ts";

interface ActivateOptions extends ProductOptions, FindingOptions {
  readonly vendorKey?: string;
}

const EXAMPLES = `
The vendor's public key is needed once; it is kept, and answers by any other vendor are refused.
Giving --vendor-key again replaces it.

Examples:
  kms-client activate --product office-suite --vendor-key vendor.pub.jwk
  kms-client activate --host kms.office.example:1688
  kms-client activate --domain office.example --dns-server 192.0.2.53:53
`;

export function addActivate(program: Command): void {
  const command = program
    .command("activate")
    .description("Ask a host to activate a product now.")
    .option("--vendor-key <file>", "the vendor's public key (vendor.pub.jwk)")
    .addHelpText("after", EXAMPLES);
  withState(withFinding(withProduct(command))).action(activate);
}

async function activate(options: ActivateOptions): Promise<void> {
  const { openClient, reachBy, warnOf } = await import("./open-client.ts");
  const { whileTelling } = await import("./patience.ts");
  const { onlyProduct } = await import("../../client/vendor-pin.ts");
  const folder = ownFolder(options);
  const vendorKey =
    options.vendorKey === undefined ? undefined : await readVendorKey(options.vendorKey);
  const product = options.product ?? onlyProduct(await folder.readSettings());
  const reach = reachBy(options);
  const report = await whileTelling(reach.transport, async (transport) => {
    const client = openClient(folder, options, warnOf, { ...reach, transport });
    const change = await client.install(product, vendorKey);
    if (change === "replaced") remark("Note: the vendor key was replaced.");
    return client.attempt(product);
  });
  tell(report, options.json === true);
}

function tell({ product, reply, host, message }: AttemptReport, json: boolean): void {
  if (reply.kind === "below-threshold")
    throw new NotActivatedError("count-below-threshold", message);
  if (reply.kind === "failed") {
    const code = reply.reason === "refused" ? reply.code : reply.reason;
    throw new NotActivatedError(code, message);
  }
  if (!json) {
    print(message);
    return;
  }
  const { count, threshold, exp } = reply.lease;
  printJson({
    product,
    activated: true,
    expires: new Date(exp * SECOND_MS).toISOString(),
    host: host ? formatHostAddress(host) : null,
    found: host?.how ?? null,
    vendor: reply.vendor,
    count,
    threshold,
  });
}
