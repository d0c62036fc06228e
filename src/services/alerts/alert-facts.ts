import type { AlertFacts } from "../../domain/alerts/conditions.ts";
import type { DomainReport } from "../../domain/dns-registration.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { MachineFacts } from "../../ports/health.ts";
import type { CmidStore } from "../../ports/store.ts";
import type { UpgradeOutcome } from "../../ports/upgrade.ts";
import type { HostClock } from "../host-clock.ts";
import type { HostReport } from "../host-report.ts";
import type { LicenceService } from "../licences.ts";

/** What is known beyond the present, from the records of the clients. */
export interface AlertInsight {
  /** When a product's count falls below its threshold if nobody asks; null if it does not. */
  fallsMs(product: string): number | null;
  /** CMIDs that several machines seem to share. */
  readonly clones: number;
}

export interface AlertFactsParts {
  readonly store: Pick<CmidStore, "condition">;
  readonly clock: Pick<HostClock, "read">;
  readonly licences: Pick<LicenceService, "book">;
  readonly report: Pick<HostReport, "host" | "health">;
  readonly margin: number;
  readonly dns: () => readonly DomainReport[];
  /** What of the machine was seen last. */
  readonly machine: () => MachineFacts | undefined;
  readonly upgradeFailure: () => UpgradeOutcome | null;
  /** Undefined until it was looked at. */
  readonly insight: () => AlertInsight | undefined;
  /** What is wrong with the audit log. */
  readonly auditFault: () => string | null;
}

/** Gathers what alerts are made of. */
export class AlertFactsSource {
  readonly #parts: AlertFactsParts;

  constructor(parts: AlertFactsParts) {
    this.#parts = parts;
  }

  /** @param reached ids of the products that were activated once */
  read(reached: ReadonlySet<string>): AlertFacts {
    const { store, clock, report, margin, dns, machine, insight, auditFault } = this.#parts;
    const time = clock.read();
    const seen = machine();
    const latest = insight();
    const { condition } = store;
    const { products } = report.host();
    return {
      nowMs: time.nowMs,
      clock: { trusted: time.trusted, detail: time.trusted ? time.source : time.reason },
      products: products.map(({ id, name, count, threshold }) => ({
        id,
        name,
        count,
        threshold,
        reached: reached.has(id),
        fallsMs: latest?.fallsMs(id) ?? null,
      })),
      unlicensed: [...reached].filter((id) => !products.some((each) => each.id === id)),
      margin,
      licences: this.#licences(),
      dns: dns(),
      storageFailure: condition.state === "failed" ? condition.reason : null,
      freeBytes: seen?.freeBytes ?? null,
      lowVoltage: seen?.lowVoltage ?? null,
      clones: latest?.clones ?? null,
      auditFault: auditFault(),
      upgradeFailure: this.#upgradeFailure(),
      replaced:
        report.health().reasons.find(({ code }) => code === "host-replaced")?.detail ?? null,
    };
  }

  #licences() {
    const { book } = this.#parts.licences;
    return book.licences
      .filter((licence) => !book.isReplaced(licence))
      .map(({ claims: { jti, iss, exp } }) => ({ id: jti, vendor: iss, endsMs: exp * SECOND_MS }));
  }

  #upgradeFailure(): string | null {
    const failure = this.#parts.upgradeFailure();
    return failure && `version ${failure.to} is not in use, but ${failure.from}: ${failure.reason}`;
  }
}
