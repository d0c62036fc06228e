import type { LicenceClaims, PublicJwk } from "../domain/claims.ts";
import type { InstalledLicence } from "../domain/licence.ts";
import { makeJws, openJws } from "./jws.ts";
import { MalformedTokenError } from "./malformed-token.ts";
import { checker, LicenceClaimsSchema, LicenceHeaderSchema } from "./schemas.ts";
import { keyNames } from "./thumbprint.ts";

export const LICENCE_TYP = "kms-licence+jwt";

const checkHeader = checker(LicenceHeaderSchema, "header");
const checkClaims = checker(LicenceClaimsSchema, "payload");

/** What is needed to check signatures and name keys. */
export interface TokenCrypto {
  readonly verify: (
    publicKey: PublicJwk,
    data: Uint8Array,
    signature: Uint8Array,
  ) => Promise<boolean>;
  readonly sha256: (data: Uint8Array) => Uint8Array;
}

/**
 * Opens a licence and checks that it is whole: its signature by the vendor key in its header, and
 * that its names belong to its keys. Whether that vendor is trusted is the caller's to decide, and
 * so is its time.
 *
 * @throws {MalformedTokenError} it is not a licence, or damaged; the message says in what.
 */
export async function openLicence(token: string, crypto: TokenCrypto): Promise<InstalledLicence> {
  const { header, claims, signed, signature } = openJws(token, LICENCE_TYP);
  const { kid, jwk } = checkHeader(header);
  const checked = checkClaims(claims);
  if (keyNames(jwk, crypto.sha256).thumbprint !== kid) {
    throw new MalformedTokenError("the header's kid is not the thumbprint of its jwk");
  }
  if (keyNames(checked.cnf.jwk, crypto.sha256).thumbprint !== checked.sub) {
    throw new MalformedTokenError("the licence's sub is not the thumbprint of its cnf.jwk");
  }
  if (checked.nbf >= checked.exp) {
    throw new MalformedTokenError("the licence ends before it begins");
  }
  const ids = checked.products.map(({ id }) => id);
  if (new Set(ids).size < ids.length) {
    throw new MalformedTokenError("the licence names a product twice");
  }
  if (!(await crypto.verify(jwk, signed, signature))) {
    throw new MalformedTokenError("the signature is not the vendor's: the licence was changed");
  }
  return { token, vendorThumbprint: kid, claims: checked };
}

/** Signs a licence with the vendor's key. */
export function makeLicence(
  claims: LicenceClaims,
  vendor: { publicJwk: PublicJwk; thumbprint: string },
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const header = {
    typ: LICENCE_TYP,
    alg: "Ed25519",
    kid: vendor.thumbprint,
    jwk: vendor.publicJwk,
  };
  return makeJws(header, claims, sign);
}
