import type { LicensedProduct } from "../domain/claims.ts";
import type { ContactRecord } from "../domain/contact.ts";
import { DAY_MS, SECOND_MS } from "../domain/units.ts";
import type { Signer } from "../ports/keys.ts";
import type { CmidStore } from "../ports/store.ts";
import type { HealthAnswer, HostAnswer } from "../protocol/api.ts";
import type { ClientView } from "./client-view.ts";
import { type Generation, REPLACED } from "./generation.ts";
import type { HostClock } from "./host-clock.ts";
import type { LicenceService } from "./licences.ts";

export interface ReportParts {
  readonly store: CmidStore;
  readonly clock: HostClock;
  readonly licences: LicenceService;
  readonly signer: Pick<Signer, "thumbprint">;
  readonly generation: Pick<Generation, "current" | "isReplaced">;
}

/** What the host can tell of itself. Reads only. */
export class HostReport {
  readonly #parts: ReportParts;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  host(): HostAnswer {
    const { clock, licences, signer, generation } = this.#parts;
    const { nowMs } = clock.read();
    const products = licences.productsAt(nowMs);
    const newest = products
      .flatMap(({ id }) => licences.covering(id, nowMs)?.licence ?? [])
      .toSorted((a, b) => b.claims.iat - a.claims.iat)[0];
    return {
      host: signer.thumbprint,
      licence: newest?.token ?? null,
      licences: licences.book.licences.map(({ token }) => token),
      generation: generation.current,
      time: Math.floor(nowMs / SECOND_MS),
      products: products.map((product) => this.#productView(product)),
    };
  }

  #productView(product: LicensedProduct): HostAnswer["products"][number] {
    const { id, name, application, threshold } = product;
    const count = this.#parts.store.ledger.count(application);
    return { id, name, application, threshold, count, activating: count >= threshold };
  }

  health(): HealthAnswer {
    const { store, clock, licences, generation } = this.#parts;
    const reasons: HealthAnswer["reasons"] = [];
    if (generation.isReplaced) reasons.push({ code: "host-replaced", detail: REPLACED });
    const time = clock.read();
    if (!time.trusted) reasons.push({ code: "clock-untrusted", detail: time.reason });
    if (store.condition.state === "failed") {
      reasons.push({ code: "storage-failed", detail: store.condition.reason });
    }
    // While the time is unknown, so is whether a licence is valid: then it is enough to have one.
    const usable = time.trusted ? licences.productsAt(time.nowMs) : licences.book.licences;
    if (usable.length === 0) {
      reasons.push({
        code: "no-licence",
        detail:
          "No valid licence is installed. Send what `kms-box licence request` prints to the " +
          "vendor and install the answer with `kms-box licence install FILE`.",
      });
    }
    return { healthy: reasons.length === 0, reasons };
  }

  /** Every record, in no particular order. */
  *clients(): Generator<ClientView> {
    const { ledger } = this.#parts.store;
    const { nowMs } = this.#parts.clock.read();
    for (let place = 0; place < ledger.places; place++) {
      const record = ledger.at(place);
      if (record) yield clientView(record, nowMs);
    }
  }
}

function clientView(record: ContactRecord, nowMs: number): ClientView {
  const { leaseExpiresMs } = record;
  return {
    cmid: record.cmid,
    hostname: record.hostname,
    product: record.product,
    application: record.application,
    agent: record.agent,
    status: record.status,
    firstContact: Math.floor(record.firstContactMs / SECOND_MS),
    lastContact: Math.floor(record.lastContactMs / SECOND_MS),
    activatedUntil: leaseExpiresMs === 0 ? null : leaseExpiresMs / SECOND_MS,
    daysLeft: leaseExpiresMs === 0 ? null : Math.floor((leaseExpiresMs - nowMs) / DAY_MS),
  };
}
