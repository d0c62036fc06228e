import { Command } from "commander";
import { SECOND_MS } from "../../domain/units.ts";
import type { Status } from "../../web/api/schemas.ts";
import { formatDuration, formatLogTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { fieldLines, tableLines } from "../support/table.ts";
import { AdminClient } from "./admin-client.ts";
import { boxFolder, type WatchFlags, withWatch } from "./options.ts";
import { type View, watch } from "./watch.ts";

type ProductView = Status["products"][number];

/** `kms-box status`: the count of each product, and how the box is. */
export function statusCommand(): Command {
  return withWatch(new Command("status"))
    .description("show the activation count of each product, and how the box is")
    .addHelpText("after", HELP)
    .action(async (flags: WatchFlags) => {
      const client = new AdminClient(await boxFolder(flags));
      if (flags.watch) return watch(statusView(client), flags.json ?? false);
      const status = await client.status();
      if (flags.json) printJson(status);
      else print(...statusLines(status));
    });
}

const HELP = `
With --watch it is redrawn every second; into a pipe goes one line, or with --json one document, for
each change.

Exit status: 0 shown, 1 no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box status
  kms-box status --data /var/lib/kms-box --watch
  kms-box status --json`;

/** The status as the counts change. */
export function statusView(client: Pick<AdminClient, "status">): View<Status> {
  return {
    read: () => client.status(),
    screen: statusLines,
    changes: (status, before) =>
      changed(status, before)
        ? [`${formatLogTime(status.time * SECOND_MS)}  ${oneLine(status)}`]
        : [],
    documents: (status, before) => (changed(status, before) ? [status] : []),
  };
}

/** Time passes in every status; that alone is no change. */
function changed(status: Status, before: Status | undefined): boolean {
  const lasting = ({ time: _time, uptimeSeconds: _uptime, ...rest }: Status) =>
    JSON.stringify(rest);
  return before === undefined || lasting(status) !== lasting(before);
}

function oneLine({ products, health }: Status): string {
  const counts = products.map(
    ({ id, count, threshold, activating }) =>
      `${id} ${count} of ${threshold} (${activating ? "activating" : "not activating"})`,
  );
  const faults = health.reasons.map(({ code }) => code);
  return [...(counts.length > 0 ? counts : ["no product"]), ...faults].join("; ");
}

/** The status for a person. */
function statusLines(status: Status): string[] {
  const { version, address, host, lastStart, clock, clients, products, health } = status;
  return [
    ...fieldLines([
      ["KMS Box", version],
      ["Address", address],
      ["Up for", formatDuration(status.uptimeSeconds * SECOND_MS)],
      ["Last start", lastStart],
      ...upgradeField(status),
      ["Host key", host],
      ["Clock", `${clock.trusted ? "trusted" : "NOT TRUSTED"}: ${clock.detail}`],
      ["Health", health.healthy ? "good" : "NOT GOOD"],
      ["Clients", String(clients)],
    ]),
    ...health.reasons.map(({ code, detail }) => `  ${code}: ${detail}`),
    "",
    ...(products.length === 0 ? ["No product is licensed."] : productLines(products)),
  ];
}

function upgradeField({ failedUpgrade }: Status): [string, string][] {
  if (failedUpgrade === null) return [];
  const { outcome, from, to, reason } = failedUpgrade;
  const what = outcome === "rolled-back" ? `rolled back from ${to} to ${from}` : `${to} not in use`;
  return [["Upgrade", `${what}, because ${reason}`]];
}

function productLines(products: readonly ProductView[]): string[] {
  return tableLines<ProductView>(
    [
      { title: "PRODUCT", cell: ({ id }) => id },
      { title: "NAME", cell: ({ name }) => name },
      { title: "COUNT", align: "right", cell: ({ count }) => String(count) },
      { title: "THRESHOLD", align: "right", cell: ({ threshold }) => String(threshold) },
      {
        title: "ACTIVATES",
        cell: ({ activating, count, threshold }) =>
          activating ? "yes" : `no, ${threshold - count} more must ask`,
      },
    ],
    products,
  );
}
