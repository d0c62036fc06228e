import type { PublicJwk } from "../domain/claims.ts";

/** Holds one private Ed25519 key. */
export interface Signer {
  readonly publicJwk: PublicJwk;
  /** RFC 7638 thumbprint of the public key, SHA-256, base64url. */
  readonly thumbprint: string;
  /** 64 bytes, RFC 8032. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** Checks signatures, off the main thread where the platform can. */
export interface Verifier {
  /** Never rejects: what is not a valid signature by that key is false. */
  verify(publicKey: PublicJwk, data: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** SHA-256 of the data, 32 bytes. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** Random bytes fit for keys and nonces. */
export type RandomBytes = (length: number) => Uint8Array;
