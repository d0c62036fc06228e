import type { CmidStore } from "../ports/store.ts";
import type { HostClock } from "./host-clock.ts";
import type { HostReport } from "./host-report.ts";
import type { LicenceService } from "./licences.ts";
import { panelCounts } from "./panel/panel-facts.ts";

/** With more there is no reading it at a glance. */
const MOST_COUNTS = 5;

export interface StatusLineParts {
  readonly store: Pick<CmidStore, "ledger">;
  readonly clock: HostClock;
  readonly licences: LicenceService;
  readonly report: HostReport;
}

/** How the box stands, as `23 of 25 Office Suite, 2 more needed; clock untrusted`. */
export function statusLine({ store, clock, licences, report }: StatusLineParts): string {
  const products = licences.productsAt(clock.read().nowMs);
  const counts = panelCounts(products, (application) => store.ledger.count(application)).map(
    ({ name, activationCount, activationThreshold }) => {
      const missing = activationThreshold - activationCount;
      const needed = missing > 0 ? `, ${missing} more needed` : "";
      return `${activationCount} of ${activationThreshold} ${name}${needed}`;
    },
  );
  const left = counts.length - MOST_COUNTS;
  return [
    ...counts.slice(0, MOST_COUNTS),
    ...(left > 0 ? [`${left} more products`] : []),
    ...report.health().reasons.map(({ code }) => code.replaceAll("-", " ")),
  ].join("; ");
}
