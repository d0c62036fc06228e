import type { DomainReport } from "../../domain/dns-registration.ts";
import type { MachineFacts } from "../../ports/health.ts";
import type { MetricFamily, ProcessProbe } from "../../ports/metrics.ts";
import type { CmidStore } from "../../ports/store.ts";
import type { ActivationTally } from "../activation-tally.ts";
import type { HostClock } from "../host-clock.ts";
import type { HostReport } from "../host-report.ts";
import type { LicenceService } from "../licences.ts";
import { productFamilies, requestFamilies } from "./activation-families.ts";
import { gauges, sample } from "./family.ts";
import {
  clockFamilies,
  dnsFamilies,
  healthFamilies,
  licenceFamilies,
  machineFamilies,
  panelFamilies,
  processFamilies,
  storeFamilies,
} from "./own-families.ts";

export interface BoxMetricsParts {
  readonly store: CmidStore;
  readonly clock: Pick<HostClock, "state">;
  readonly licences: Pick<LicenceService, "book">;
  readonly report: Pick<HostReport, "host" | "health">;
  readonly tally: ActivationTally;
  readonly process: ProcessProbe;
  readonly version: string;
  /** What of the machine was seen last. */
  readonly machine: () => MachineFacts | undefined;
  readonly dns: () => readonly DomainReport[];
  /** What stands in words for each part; undefined if the panel is turned off. */
  readonly panel: () => Readonly<Record<"display" | "leds" | "button", string>> | undefined;
  /** What others add, such as alerts and forecasts. */
  readonly others: readonly (() => readonly MetricFamily[])[];
}

/**
 * Gathers what is measured. Labels are products, domains, reasons and the like, of which a box has few;
 * never a machine or a CMID.
 */
export class BoxMetrics {
  readonly #parts: BoxMetricsParts;
  #compactions = { count: 0, lastMs: null as number | null };

  constructor(parts: BoxMetricsParts) {
    this.#parts = parts;
    parts.store.onNotice((notice) => {
      if (notice.kind !== "compacted") return;
      this.#compactions = { count: this.#compactions.count + 1, lastMs: notice.tookMs };
    });
  }

  async read(): Promise<MetricFamily[]> {
    const { store, clock, licences, report, tally, process, version } = this.#parts;
    const { machine, dns, panel, others } = this.#parts;
    const { products } = report.host();
    return [
      gauges("kms_box_build_info", "1; the version is the label.", [sample({ version }, 1)]),
      ...requestFamilies(tally),
      ...productFamilies(products),
      ...healthFamilies(report.health()),
      ...licenceFamilies(licences.book),
      ...storeFamilies(store, this.#compactions),
      ...dnsFamilies(dns()),
      ...clockFamilies(clock.state()),
      ...panelFamilies(panel()),
      ...machineFamilies(machine()),
      ...others.flatMap((read) => read()),
      ...processFamilies(await process.look()),
    ];
  }
}
