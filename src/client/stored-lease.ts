import type { LeaseTimes } from "../domain/client-state.ts";
import { SECOND_MS } from "../domain/units.ts";
import { type TrustedLease, trustLease } from "../protocol/lease.ts";
import { TOKEN_CRYPTO } from "./crypto.ts";
import { NotInstalledError } from "./errors.ts";
import type { ProductRecord } from "./shapes.ts";

/** What a stored lease is held against. */
export interface StoredExpectation {
  readonly vendorThumbprint: string;
  readonly cmid: string;
  readonly clientThumbprint: string;
}

/**
 * Verifies a stored lease again: vendor, licence, host, client and product.
 *
 * @throws {LeaseNotTrustedError}
 * @throws {NotInstalledError} there is no lease.
 */
export async function verifyStored(
  record: ProductRecord,
  expected: StoredExpectation,
): Promise<TrustedLease & { readonly times: LeaseTimes }> {
  if (!record.tokens) {
    throw new NotInstalledError(`The product "${record.product}" was never activated here.`);
  }
  const trusted = await trustLease(
    record.tokens,
    { ...expected, product: record.product },
    TOKEN_CRYPTO,
  );
  const { iat, exp } = trusted.lease;
  return { ...trusted, times: { issuedMs: iat * SECOND_MS, expiresMs: exp * SECOND_MS } };
}

/**
 * The record with the times of its lease as the host signed them, whatever the file says; a mark of
 * time before the lease's issue is raised to it.
 */
export function withSignedTimes(record: ProductRecord, lease: LeaseTimes): ProductRecord {
  const { time } = record.state;
  const markMs = Math.max(time.markMs, lease.issuedMs);
  return { ...record, state: { ...record.state, lease, time: { ...time, markMs } } };
}
