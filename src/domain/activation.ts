import type { LicensedProduct, RequestClaims } from "./claims.ts";
import type { ContactKey, ContactRecord } from "./contact.ts";
import type { ActivationLedger } from "./ledger.ts";
import type { Policy } from "./policy.ts";
import { SECOND_MS } from "./units.ts";

/** Characters of a `jti` that are remembered: 128 bits in base64url. */
const JTI_KEY_LENGTH = 22;
/** How many requests a CMID may have accepted with one and the same `iat`. */
const MOST_REQUESTS_IN_ONE_SECOND = 8;

export type Freshness = "fresh" | "replayed" | "too-many-at-once";

/** What is decided on a contact: the record to keep, and whether the client is activated. */
export interface Decision {
  readonly activated: boolean;
  /** Activation count of the product's application, this contact included. */
  readonly count: number;
  readonly threshold: number;
  readonly record: ContactRecord;
}

/**
 * Whether a request was accepted before. The ledger remembers the `jti`s of the newest second only,
 * since whatever is older than that is refused by its `iat`.
 */
export function freshness(
  ledger: ActivationLedger,
  request: Pick<RequestClaims, "sub" | "iat" | "jti">,
): Freshness {
  const last = ledger.lastRequest(request.sub);
  if (!last) return "fresh";
  if (request.iat < last.issuedAtSec) return "replayed";
  if (last.jtis.includes(request.jti.slice(0, JTI_KEY_LENGTH))) return "replayed";
  if (request.iat > last.issuedAtSec) return "fresh";
  return last.jtis.length < MOST_REQUESTS_IN_ONE_SECOND ? "fresh" : "too-many-at-once";
}

/**
 * Rules 1 and 2 of the KMS process: the contact is counted in any case, and the client is activated
 * or renewed if the count has reached the product's threshold.
 *
 * The ledger is read, not changed. Whoever keeps the record discards what fell due before (rule 3).
 */
export function decide(
  ledger: ActivationLedger,
  policy: Policy,
  product: LicensedProduct,
  request: RequestClaims,
  nowMs: number,
): Decision {
  const count = ledger.countWith(product.application, request.sub);
  const activated = count >= product.threshold;
  const known = ledger.get(request.sub, request.product);
  const validToMs = nowMs + policy.activationValidityMs;
  const record: ContactRecord = {
    cmid: request.sub,
    product: product.id,
    application: product.application,
    hostname: request.device.hostname,
    fingerprint: request.device.fingerprint,
    agent: request.device.agent,
    status: request.status,
    firstContactMs: known?.firstContactMs ?? nowMs,
    lastContactMs: nowMs,
    // A lease ends on a whole second, as its `exp` does.
    leaseExpiresMs: activated
      ? Math.floor(validToMs / SECOND_MS) * SECOND_MS
      : (known?.leaseExpiresMs ?? 0),
    issuedAtSec: request.iat,
    jtis: jtisAfter(ledger, request),
  };
  return { activated, count, threshold: product.threshold, record };
}

function jtisAfter(ledger: ActivationLedger, request: RequestClaims): string[] {
  const last = ledger.lastRequest(request.sub);
  const kept = last && last.issuedAtSec === request.iat ? last.jtis : [];
  return [...kept, request.jti.slice(0, JTI_KEY_LENGTH)];
}

/** Rule 3: keys of up to `limit` records whose retention ended by `nowMs`, oldest first. */
export function dueForDiscard(
  ledger: ActivationLedger,
  policy: Policy,
  nowMs: number,
  limit: number,
): ContactKey[] {
  return ledger.contactedUntil(nowMs - policy.cmidRetentionMs, limit);
}
