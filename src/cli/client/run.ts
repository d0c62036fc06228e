import { type Command, Option } from "commander";
import { remark } from "../support/lines.ts";
import { EXIT } from "../support/run-program.ts";
import {
  type FindingOptions,
  ownFolder,
  productId,
  readVendorKey,
  type StateOptions,
  withFinding,
  withState,
} from "./options.ts";

interface RunOptions extends StateOptions, FindingOptions {
  readonly product?: string[];
  readonly vendorKey?: string;
  readonly once?: boolean;
}

const EXAMPLES = `
Activates at once if need be, renews every seven days, tries every two hours while it is not
activated or no host answers. Ends cleanly on SIGTERM and SIGINT. With --json every line of the log
is a JSON object. With --once it does what is due now and ends with 0, whatever came of it: a timer that
starts it every quarter of an hour keeps no process in memory.

Examples:
  kms-client run
  kms-client run --product office-suite --product cad --json
  kms-client run --product office-suite --vendor-key vendor.pub.jwk
  kms-client run --once
`;

export function addRun(program: Command): void {
  const command = program
    .command("run")
    .description("Keep products activated; for a service manager.")
    .addOption(
      new Option(
        "--product <id...>",
        "product, may be repeated (default: all installed)",
      ).argParser((id: string, ids?: string[]) => [...(ids ?? []), productId(id)]),
    )
    .option("--vendor-key <file>", "the vendor's public key, for products not yet installed")
    .option("--once", "do what is due now, then end")
    .addHelpText("after", EXAMPLES);
  withState(withFinding(command)).action(run);
}

async function run(options: RunOptions): Promise<void> {
  const { Agent, tellNotice } = await import("../../client/agent.ts");
  const { LineLog } = await import("../../client/agent-log.ts");
  const { openClient } = await import("./open-client.ts");
  const { onlyProduct } = await import("../../client/vendor-pin.ts");
  // Until it is done or stops as asked every end is a failure, after which it is to be started again.
  process.exitCode = EXIT.failure;
  process.stdout.prependListener("error", ({ message }) => {
    remark(`Error: The log can no longer be written, so that the agent ends: ${message}`);
  });
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  const folder = ownFolder(options);
  const settings = await folder.readSettings();
  const products = options.product ?? Object.keys(settings.products);
  if (products.length === 0) products.push(onlyProduct(settings));
  const key = options.vendorKey === undefined ? undefined : await readVendorKey(options.vendorKey);
  const write = (line: string) => process.stdout.write(line);
  const log = new LineLog(write, Date.now, options.json === true);
  const client = openClient(folder, options, (notice) => tellNotice(log, notice));
  for (const product of products) await client.install(product, key);
  const agent = new Agent(client, products, log);
  await (options.once ? agent.runOnce(stop.signal) : agent.run(stop.signal));
  process.exitCode = EXIT.ok;
}
