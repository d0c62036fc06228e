import type { LicenceStatus } from "./status.ts";

/**
 * What the host knows of one CMID for one product: the unit that is counted, stored and discarded.
 *
 * A CMID that asks for several products has one record for each. All its records carry the same
 * `issuedAtSec` and `jtis`, those of the CMID's last accepted request, whichever product it was for.
 */
export interface ContactRecord {
  /** Lower-case UUID, derived from the client's key. */
  readonly cmid: string;
  readonly product: string;
  /** The application that the product is counted under. */
  readonly application: string;
  /** As the client names itself; at most 255 characters. */
  readonly hostname: string;
  /** Salted hash of the machine's identifiers, base64url; at most 88 characters. */
  readonly fingerprint: string;
  /** The client's program and version; few distinct values in one network. */
  readonly agent: string;
  /** Licence state that the client reported in its last accepted request. */
  readonly status: LicenceStatus;
  /** Wall time of the first and of the last accepted contact for this product. */
  readonly firstContactMs: number;
  readonly lastContactMs: number;
  /** End of the last lease issued for this product; 0 if none was. */
  readonly leaseExpiresMs: number;
  /** `iat` of the CMID's last accepted request, in seconds. */
  readonly issuedAtSec: number;
  /** First 22 characters (128 bits) of every `jti` accepted with that `iat`; mostly one. */
  readonly jtis: readonly string[];
}

/** Names one record. */
export interface ContactKey {
  readonly cmid: string;
  readonly product: string;
}
