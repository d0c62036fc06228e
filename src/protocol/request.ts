import type { PublicJwk, RequestClaims } from "../domain/claims.ts";
import { makeJws, openJws } from "./jws.ts";
import { checker, RequestClaimsSchema, RequestHeaderSchema } from "./schemas.ts";

export const REQUEST_TYP = "kms-request+jwt";
/** Largest body of an activation request. */
export const REQUEST_MAX_BYTES = 8 * 1024;

const checkHeader = checker(RequestHeaderSchema, "header");
const checkClaims = checker(RequestClaimsSchema, "payload");

/** A request of good form whose signature and CMID are not yet checked. */
export interface OpenedRequest {
  readonly claims: RequestClaims;
  readonly jwk: PublicJwk;
  /** Thumbprint that the client says its key has, where it says so. */
  readonly kid: string | undefined;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Opens an activation request without any cryptography.
 *
 * @throws {MalformedTokenError} it is not a request; the message says in what.
 */
export function openRequest(token: string): OpenedRequest {
  const { header, claims, signed, signature } = openJws(token, REQUEST_TYP);
  const { jwk, kid } = checkHeader(header);
  return { claims: checkClaims(claims), jwk: plainJwk(jwk), kid, signed, signature };
}

/** Signs an activation request with the client's key. */
export function makeRequest(
  claims: RequestClaims,
  jwk: PublicJwk,
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  return makeJws({ typ: REQUEST_TYP, alg: "Ed25519", jwk: plainJwk(jwk) }, claims, sign);
}

function plainJwk({ kty, crv, x }: PublicJwk): PublicJwk {
  return { kty, crv, x };
}
