import type { LeaseClaims, LicenceClaims } from "../domain/claims.ts";
import { KmsError } from "../domain/errors.ts";
import { FIRST_GENERATION } from "../domain/generation.ts";
import { makeJws, openJws } from "./jws.ts";
import { openLicence, type TokenCrypto } from "./licence.ts";
import { MalformedTokenError } from "./malformed-token.ts";
import { checker, LeaseClaimsSchema, LeaseHeaderSchema } from "./schemas.ts";

export const LEASE_TYP = "kms-lease+jwt";

const checkHeader = checker(LeaseHeaderSchema, "header");
const checkClaims = checker(LeaseClaimsSchema, "payload");

/** Why a lease is not believed. */
export type DistrustReason =
  | "lease-malformed"
  | "licence-malformed"
  | "vendor-not-trusted"
  | "host-not-licensed"
  | "product-not-licensed"
  | "licence-not-valid"
  | "lease-signature"
  | "wrong-client"
  | "wrong-product"
  | "wrong-nonce"
  | "host-replaced"
  | "lease-time";

/** The lease, or the licence behind it, does not hold. The message says in what. */
export class LeaseNotTrustedError extends KmsError {
  readonly code = "lease-not-trusted";
  readonly reason: DistrustReason;

  constructor(reason: DistrustReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}

/** What a client knows itself and holds a lease against. */
export interface LeaseExpectation {
  /** Thumbprint of the vendor key that the client pins. */
  readonly vendorThumbprint: string;
  readonly cmid: string;
  /** Thumbprint of the client's own key. */
  readonly clientThumbprint: string;
  readonly product: string;
  /** `jti` of the request; omitted when a stored lease is checked again. */
  readonly nonce?: string;
  /** The highest generation seen of hosts, by their thumbprints. */
  readonly generations?: Generations;
}

/** Generations by the thumbprints of hosts; of any other host every one will do. */
export type Generations = Readonly<Record<string, number>>;

export interface TrustedLease {
  readonly lease: LeaseClaims;
  readonly licence: LicenceClaims;
}

/** Signs a lease with the host's key. */
export function makeLease(
  claims: LeaseClaims,
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  return makeJws({ typ: LEASE_TYP, alg: "Ed25519", kid: claims.iss }, claims, sign);
}

/**
 * Follows the chain vendor key, licence, host key, lease, client key, offline.
 *
 * The licence must have been valid when the lease was issued; a lease outlives its licence, since
 * clients already activated stay so. Whether the lease has ended by now is for the caller, who
 * knows the time.
 *
 * @throws {LeaseNotTrustedError}
 */
export async function trustLease(
  tokens: { lease: string; licence: string },
  expected: LeaseExpectation,
  crypto: TokenCrypto,
): Promise<TrustedLease> {
  const licence = await openedLicence(tokens.licence, crypto);
  if (licence.vendorThumbprint !== expected.vendorThumbprint) {
    throw new LeaseNotTrustedError(
      "vendor-not-trusted",
      `The licence is signed by the vendor key ${licence.vendorThumbprint}, not by ` +
        `${expected.vendorThumbprint}, which this client trusts.`,
    );
  }
  const { lease, signed, signature } = believable(tokens.lease);
  checkAgainstLicence(lease, licence.claims);
  if (!(await crypto.verify(licence.claims.cnf.jwk, signed, signature))) {
    throw new LeaseNotTrustedError("lease-signature", "The lease is not signed by the host key.");
  }
  checkAgainstClient(lease, expected);
  return { lease, licence: licence.claims };
}

async function openedLicence(token: string, crypto: TokenCrypto) {
  try {
    return await openLicence(token, crypto);
  } catch (cause) {
    if (!(cause instanceof MalformedTokenError)) throw cause;
    throw new LeaseNotTrustedError("licence-malformed", `Licence: ${cause.message}.`, { cause });
  }
}

/** A lease taken apart, its signature not yet checked. */
export interface OpenedLease {
  readonly lease: LeaseClaims;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Takes a lease apart and checks its form.
 *
 * @throws {MalformedTokenError}
 */
export function openLease(token: string): OpenedLease {
  const { header, claims, signed, signature } = openJws(token, LEASE_TYP);
  const lease = checkClaims(claims);
  if (checkHeader(header).kid !== lease.iss) {
    throw new MalformedTokenError("the header's kid is not the lease's iss");
  }
  return { lease, signed, signature };
}

function believable(token: string): OpenedLease {
  try {
    return openLease(token);
  } catch (cause) {
    if (!(cause instanceof MalformedTokenError)) throw cause;
    throw new LeaseNotTrustedError("lease-malformed", `Lease: ${cause.message}.`, { cause });
  }
}

function checkAgainstLicence(lease: LeaseClaims, licence: LicenceClaims): void {
  if (lease.iss !== licence.sub) {
    throw new LeaseNotTrustedError(
      "host-not-licensed",
      `The lease is from the host ${lease.iss}, but the licence is for ${licence.sub}.`,
    );
  }
  if (!licence.products.some(({ id }) => id === lease.product)) {
    throw new LeaseNotTrustedError(
      "product-not-licensed",
      `The vendor's licence does not cover the product "${lease.product}".`,
    );
  }
  if (lease.iat < licence.nbf || lease.iat >= licence.exp) {
    throw new LeaseNotTrustedError(
      "licence-not-valid",
      "The host's licence was not valid when it issued the lease.",
    );
  }
  if (lease.exp <= lease.iat) {
    throw new LeaseNotTrustedError("lease-time", "The lease ends before it begins.");
  }
}

function checkAgainstClient(lease: LeaseClaims, expected: LeaseExpectation): void {
  if (lease.sub !== expected.cmid || lease.cnf.jkt !== expected.clientThumbprint) {
    throw new LeaseNotTrustedError("wrong-client", "The lease is for another client.");
  }
  if (lease.product !== expected.product) {
    throw new LeaseNotTrustedError(
      "wrong-product",
      `The lease is for the product "${lease.product}", not for "${expected.product}".`,
    );
  }
  if (expected.nonce !== undefined && lease.nonce !== expected.nonce) {
    throw new LeaseNotTrustedError("wrong-nonce", "The lease does not answer this request.");
  }
  const { generation = FIRST_GENERATION } = lease;
  if (generation < (expected.generations?.[lease.iss] ?? FIRST_GENERATION)) {
    throw new LeaseNotTrustedError(
      "host-replaced",
      "This host was replaced by one restored from its backup; switch the old one off.",
    );
  }
}
