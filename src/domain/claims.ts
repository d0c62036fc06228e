import type { LicenceStatus } from "./status.ts";

/** A public Ed25519 key as JWK (RFC 8037 section 2); `x` is 32 bytes, base64url. */
export interface PublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
}

/** A product as its vendor's licence names it. */
export interface LicensedProduct {
  readonly id: string;
  readonly name: string;
  readonly application: string;
  readonly threshold: number;
}

/** The vendor's signed statement that a host may issue leases for products. Times in seconds. */
export interface LicenceClaims {
  /** The vendor's name. */
  readonly iss: string;
  /** Thumbprint of the host key. */
  readonly sub: string;
  readonly cnf: { readonly jwk: PublicJwk };
  readonly products: readonly LicensedProduct[];
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly jti: string;
}

export interface Device {
  readonly hostname: string;
  readonly fingerprint: string;
  readonly agent: string;
}

/** What a client asks. Times in seconds. */
export interface RequestClaims {
  /** The CMID. */
  readonly sub: string;
  readonly aud: "kms-host";
  readonly product: string;
  readonly iat: number;
  readonly jti: string;
  readonly device: Device;
  readonly status: LicenceStatus;
  /** Minutes to the end of the client's present state; 0 where that has none. */
  readonly remainingMinutes: number;
  /** The newest lease, if its host was restored: proof for one with the same key that was not. */
  readonly lastLease?: string;
}

/** The signed statement that a CMID is activated for a product until a time. Times in seconds. */
export interface LeaseClaims {
  /** Thumbprint of the host key. */
  readonly iss: string;
  /** The CMID. */
  readonly sub: string;
  /** Thumbprint of the client key. */
  readonly cnf: { readonly jkt: string };
  readonly product: string;
  readonly iat: number;
  readonly exp: number;
  /** `jti` of the request that this lease answers. */
  readonly nonce: string;
  readonly count: number;
  readonly threshold: number;
  /** Rises when the host is restored from a backup; 1 without it. */
  readonly generation?: number;
}
