import type { Command } from "commander";
import { formatHostAddress } from "../../client/host-address.ts";
import type { StatusReport } from "../../client/status.ts";
import { MINUTE_MS } from "../../domain/units.ts";
import { formatDuration, formatTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { fieldLines } from "../support/table.ts";
import { type ProductOptions, readableFolder, withProduct, withState } from "./options.ts";

const EXAMPLES = `
Shows what the client knows, quickly and without asking anybody; "kms-client verify" checks the
signatures again.

Examples:
  kms-client status
  kms-client status --product office-suite --json
`;

export function addStatus(program: Command): void {
  const command = program
    .command("status")
    .description("Show licence status, expiry, intervals, host and last attempt.")
    .addHelpText("after", EXAMPLES);
  withState(withProduct(command)).action(status);
}

async function status(options: ProductOptions): Promise<void> {
  const { readStatus } = await import("../../client/status.ts");
  const { UptimeClock } = await import("../../client/system.ts");
  const { onlyProduct } = await import("../../client/vendor-pin.ts");
  const { DEFAULT_POLICY } = await import("../../domain/policy.ts");
  const folder = readableFolder(options);
  const { products } = await folder.readSettings();
  const named = options.product === undefined ? Object.keys(products) : [options.product];
  if (named.length === 0) named.push(onlyProduct({ schema: 1, host: null, products }));
  const reports = await Promise.all(
    named.map((product) => readStatus(folder, product, new UptimeClock(), DEFAULT_POLICY)),
  );
  if (options.json) {
    printJson({ state: folder.path, products: reports.map(jsonOf) });
    return;
  }
  for (const [index, report] of reports.entries()) {
    if (index > 0) print("");
    print(...fieldLines(rowsOf(report)));
  }
}

function rowsOf(report: StatusReport): [string, string][] {
  const { host, remainingMinutes, endsMs } = report;
  const left = formatDuration(remainingMinutes * MINUTE_MS);
  const rows: [string, string | null][] = [
    ["Product", report.product],
    ["CMID", report.cmid],
    ["Licence status", report.status],
    ["Ends in", endsMs === null ? null : `${remainingMinutes} minutes (${left})`],
    ["Ends on", time(endsMs)],
    ["Renewal interval", interval(report.renewalIntervalMinutes)],
    ["Retry interval", interval(report.retryIntervalMinutes)],
    ["Next attempt", time(report.nextAttemptMs)],
    ["Host", host && formatHostAddress(host)],
    ["Host found by", host && `${host.how} (${host.why})`],
    ["Last attempt", time(report.lastAttemptMs) ?? "none yet"],
    ["Result", report.lastMessage],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== null);
}

function jsonOf(report: StatusReport) {
  const { endsMs, leaseExpiresMs, nextAttemptMs, lastAttemptMs, host, ...rest } = report;
  return {
    ...rest,
    ends: iso(endsMs),
    leaseExpires: iso(leaseExpiresMs),
    nextAttempt: iso(nextAttemptMs),
    lastAttempt: iso(lastAttemptMs),
    host: host && { address: formatHostAddress(host), found: host.how, why: host.why },
  };
}

function time(timeMs: number | null): string | null {
  return timeMs === null ? null : formatTime(timeMs);
}

function iso(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}

function interval(minutes: number | null): string | null {
  return minutes === null ? null : `${minutes} minutes (${formatDuration(minutes * MINUTE_MS)})`;
}
