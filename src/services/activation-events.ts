import type { Decision } from "../domain/activation.ts";
import type { RequestClaims } from "../domain/claims.ts";
import type { ContactRecord } from "../domain/contact.ts";
import type { CoveredProduct } from "../domain/licence.ts";
import { QuotaLimit } from "../domain/rate-limit.ts";
import { MINUTE_MS } from "../domain/units.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { LicenceService } from "./licences.ts";
import type { RefusalError } from "./refusal.ts";

/** Refusals logged per source and minute; the others would let anybody fill the log. */
const REFUSALS_PER_MINUTE = 6;

type Counts = ReadonlyMap<string, number>;

/** Tells the event log of requests, thresholds crossed and CMIDs discarded. */
export class ActivationEvents {
  readonly #log: EventLog;
  readonly #licences: Pick<LicenceService, "productsAt">;
  readonly #clock: Clock;
  readonly #refusals = new QuotaLimit(REFUSALS_PER_MINUTE, MINUTE_MS);

  constructor(log: EventLog, licences: Pick<LicenceService, "productsAt">, clock: Clock) {
    this.#log = log;
    this.#licences = licences;
    this.#clock = clock;
  }

  /** A request was counted, whether or not it was activated. */
  counted(
    source: string,
    claims: RequestClaims,
    { product }: CoveredProduct,
    decision: Decision,
    countBefore: number,
  ): void {
    const { activated, count, threshold, record } = decision;
    const result = activated ? "activated" : "count-below-threshold";
    this.#log.record(
      "request-received",
      activated
        ? `${record.hostname} is activated for ${product.name} (${count} of ${threshold}).`
        : `${record.hostname} is counted, not activated, for ${product.name} (${count} of ${threshold}).`,
      { result, minimumCount: threshold, count, ...requestDetails(claims), source },
    );
    this.#crossed(product.application, countBefore, count);
  }

  /** A request was refused and changed nothing. */
  refused(refusal: RefusalError, source: string, claims?: RequestClaims): void {
    if (this.#refusals.take(source, this.#clock.monotonicMs()) > 0) return;
    this.#log.record(
      "request-refused",
      `A request from ${source} was refused: ${refusal.message}`,
      {
        result: refusal.code,
        source,
        ...(claims ? requestDetails(claims) : {}),
      },
    );
  }

  discarded(records: readonly ContactRecord[], before: Counts, after: Counts): void {
    for (const { cmid, hostname, product, lastContactMs } of records) {
      const lastContact = new Date(lastContactMs).toISOString();
      this.#log.record(
        "cmid-discarded",
        `${hostname} has not asked for ${product} since ${lastContact} and no longer counts.`,
        { cmid, hostname, product, lastContact },
      );
    }
    this.#allCrossed(before, after);
  }

  /** The administrator took a client out of the count; its records are all of one CMID. */
  forgotten(records: readonly ContactRecord[], before: Counts, after: Counts, by: string): void {
    const [first] = records;
    if (!first) return;
    const { cmid, hostname } = first;
    const products = records.map(({ product }) => product).join(", ");
    const message = `${hostname} was forgotten by the ${by} and no longer counts for ${products}.`;
    this.#log.record("client-forgotten", message, { cmid, hostname, products, by });
    this.#allCrossed(before, after);
  }

  #allCrossed(before: Counts, after: Counts): void {
    for (const [application, count] of before) {
      this.#crossed(application, count, after.get(application) ?? 0);
    }
  }

  #crossed(application: string, before: number, after: number): void {
    if (before === after) return;
    for (const product of this.#licences.productsAt(this.#clock.nowMs())) {
      const { id, name, threshold } = product;
      if (product.application !== application) continue;
      const details = { product: id, application, count: after, threshold };
      if (before < threshold && after >= threshold) {
        this.#log.record(
          "threshold-reached",
          `${name}: ${after} of ${threshold}; clients are activated from now on.`,
          details,
        );
      } else if (before >= threshold && after < threshold) {
        this.#log.record(
          "threshold-lost",
          `${name}: ${after} of ${threshold}; no client is activated or renewed until ` +
            `${threshold - after} more ask.`,
          details,
        );
      }
    }
  }
}

/** What the Windows event log tells of a request, by the same words where it has them. */
function requestDetails(claims: RequestClaims) {
  return {
    hostname: claims.device.hostname,
    cmid: claims.sub,
    requestTime: new Date(claims.iat * 1000).toISOString(),
    status: claims.status,
    remainingMinutes: claims.remainingMinutes,
    product: claims.product,
  };
}
