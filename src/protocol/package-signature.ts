import type { PublicJwk } from "../domain/claims.ts";
import { KmsError } from "../domain/errors.ts";
import { makeJws, openJws } from "./jws.ts";
import type { TokenCrypto } from "./licence.ts";
import { checker, PackageClaimsSchema, PackageHeaderSchema } from "./schemas.ts";
import { keyNames } from "./thumbprint.ts";
import type { Static } from "./typebox.ts";

export const PACKAGE_TYP = "kms-package+jwt";
/** What a box takes at most. */
export const LARGEST_PACKAGE_BYTES = 64 << 20;

export type PackageClaims = Static<typeof PackageClaimsSchema>;

/** The signature is of another key or another package. */
export class PackageNotTrustedError extends KmsError {
  readonly code = "package-not-trusted";
}

/** Signs what a package is. */
export function makePackageSignature(
  claims: PackageClaims,
  kid: string,
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  return makeJws({ typ: PACKAGE_TYP, alg: "Ed25519", kid }, claims, sign);
}

/**
 * What the holder of `key` says of a package. Whether that is the package at hand, `requireDigest` tells.
 *
 * @throws {MalformedTokenError} it is not such a signature
 * @throws {PackageNotTrustedError} another key made it, or it was changed
 */
export async function openPackageSignature(
  token: string,
  key: PublicJwk,
  crypto: TokenCrypto,
): Promise<PackageClaims> {
  const { header, claims, signed, signature } = openJws(token, PACKAGE_TYP);
  const { kid } = checkHeader(header);
  const { thumbprint } = keyNames(key, crypto.sha256);
  if (kid !== thumbprint) {
    throw new PackageNotTrustedError(
      `The signature is by the key ${kid}, but ${thumbprint} is trusted. Ask your vendor for a ` +
        "signature by that key.",
    );
  }
  const checked = checkClaims(claims);
  if (!(await crypto.verify(key, signed, signature))) {
    throw new PackageNotTrustedError(
      "The signature does not hold: it was changed. Fetch package and signature anew.",
    );
  }
  return checked;
}

/**
 * @param sha256 of the package at hand, base64url
 * @throws {PackageNotTrustedError}
 */
export function requireDigest(claims: PackageClaims, sha256: string): void {
  if (claims.sha256 === sha256) return;
  throw new PackageNotTrustedError(
    `The signature is for another file than this one, of version ${claims.version} for ` +
      `${claims.architecture}, or the package was damaged. Fetch package and signature anew.`,
  );
}

const checkHeader = checker(PackageHeaderSchema, "header");
const checkClaims = checker(PackageClaimsSchema, "payload");
