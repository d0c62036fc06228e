import type { LicensedProduct } from "../../domain/claims.ts";
import type { DomainReport } from "../../domain/dns-registration.ts";
import type { PanelCount, PanelFacts, PanelFault } from "../../panel/facts.ts";
import type { MachineFacts } from "../../ports/health.ts";
import type { Machine } from "../../ports/machine.ts";
import type { CmidStore } from "../../ports/store.ts";
import type { HostClock } from "../host-clock.ts";
import type { HostReport } from "../host-report.ts";
import type { LicenceService } from "../licences.ts";
import { panelDns } from "./panel-dns.ts";
import { panelFaults } from "./panel-faults.ts";

export interface FactsParts {
  readonly store: CmidStore;
  readonly clock: HostClock;
  readonly licences: LicenceService;
  readonly report: HostReport;
  readonly machine: Machine;
  readonly census: { readonly lapsingSoon: number };
  /** Where clients are served; 0 before it is known. */
  readonly port: () => number;
  /** Where the public page is served; null while it is not. */
  readonly webPort: () => number | null;
  /** How it stands with each domain; none if publishing is off. */
  readonly dns: () => readonly DomainReport[];
  /** How the machine was when it was last looked at; undefined before that. */
  readonly seen: () => MachineFacts | undefined;
  /** What is wrong between the cable and the name server. */
  readonly networkFaults: () => readonly PanelFault[];
  /** What is wrong with what the administrator gave the box to set itself up. */
  readonly setupFaults: () => readonly PanelFault[];
  /** What is to be said of a backup on a USB stick. */
  readonly backupFaults: () => readonly PanelFault[];
  /** What is wrong with the audit log. */
  readonly auditFaults: () => readonly PanelFault[];
  /** SHA-256 of the administration's certificate; undefined while there is none. */
  readonly fingerprint: () => string | undefined;
  /** What is foreseen and wants attention now. */
  readonly foresightFaults: () => readonly PanelFault[];
  /** The only address that is listened on; null for all of the machine's. */
  readonly onlyAddress: string | null;
  readonly version: string;
  readonly lastStart: string;
}

/** Gathers what the panel tells. Reads only, and from memory or small files of the kernel. */
export class PanelFactsSource {
  readonly #parts: FactsParts;
  readonly #startedMs: number;

  constructor(parts: FactsParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.monotonicMs();
  }

  read(serving: boolean): PanelFacts {
    const { machine, clock, store, census, report, licences, onlyAddress } = this.#parts;
    const time = clock.read();
    const temperatureCelsius = machine.temperatureCelsius();
    const freeBytes = machine.freeBytes();
    const link = machine.link();
    const dns = this.#parts.dns();
    const last = store.ledger.newestContact;
    return {
      nowMs: time.nowMs,
      serving,
      counts: panelCounts(licences.productsAt(time.nowMs), (name) => store.ledger.count(name)),
      network: {
        hostname: machine.hostname(),
        addresses: onlyAddress === null ? machine.addresses() : [onlyAddress],
        link,
        port: this.#parts.port(),
        webPort: this.#parts.webPort(),
      },
      dns: panelDns(dns),
      clients: {
        total: store.ledger.clients,
        last: last ? { hostname: last.hostname, atMs: last.lastContactMs } : null,
        lapsingSoon: census.lapsingSoon,
      },
      health: {
        clock: { trusted: time.trusted, detail: time.trusted ? time.source : time.reason },
        flash: { ok: store.condition.state === "open", freeBytes },
        temperatureCelsius,
        uptimeMs: clock.monotonicMs() - this.#startedMs,
        version: this.#parts.version,
        lastStart: this.#parts.lastStart,
      },
      fingerprint: this.#parts.fingerprint(),
      faults: [
        ...panelFaults({
          health: report.health(),
          licences: licences.book,
          nowMs: time.nowMs,
          clockTrusted: time.trusted,
          link,
          temperatureCelsius,
          freeBytes,
          lowVoltage: this.#parts.seen()?.lowVoltage ?? null,
          fileSystemErrors: this.#parts.seen()?.storage.errors ?? null,
          dns,
          network: this.#parts.networkFaults(),
          setup: this.#parts.setupFaults(),
        }),
        ...this.#parts.foresightFaults(),
        ...this.#parts.backupFaults(),
        ...this.#parts.auditFaults(),
      ],
    };
  }
}

/**
 * One entry for each application and threshold, as products that share both are activated together;
 * those that do not activate come first, as they are what an administrator looks for.
 */
export function panelCounts(
  products: readonly LicensedProduct[],
  countOf: (application: string) => number,
): PanelCount[] {
  const groups = new Map<string, LicensedProduct[]>();
  for (const product of products) {
    const key = `${product.threshold} ${product.application}`;
    groups.set(key, [...(groups.get(key) ?? []), product]);
  }
  const counts = [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (!first) return [];
    const { name, application, threshold } = first;
    return {
      name: others.length === 0 ? name : application,
      activationCount: countOf(application),
      activationThreshold: threshold,
    };
  });
  return counts.toSorted((a, b) => Number(activates(a)) - Number(activates(b)));
}

function activates({ activationCount, activationThreshold }: PanelCount): boolean {
  return activationCount >= activationThreshold;
}
