import { createHash, createPrivateKey } from "node:crypto";
import type { PublicJwk } from "../../src/domain/claims.ts";
import {
  NodeEd25519Signer,
  NodeEd25519Verifier,
  type PrivateJwk,
} from "../../src/platform/ed25519.ts";
import type { Verifier } from "../../src/ports/keys.ts";

/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410 section 7). */
const PKCS8_START = Buffer.from("302e020100300506032b657004220420", "hex");

/** The private key that belongs to a name: always the same, and worth nothing outside of tests. */
export function privateJwkOf(name: string): PrivateJwk {
  const seed = createHash("sha256").update(`test key of ${name}`).digest();
  const der = Buffer.concat([PKCS8_START, seed]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x, d } = key.export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x: String(x), d: String(d) };
}

export function signerOf(name: string): NodeEd25519Signer {
  return new NodeEd25519Signer(privateJwkOf(name));
}

/** The real verifier, counting how often it is asked. */
export class CountingVerifier implements Verifier {
  readonly #real = new NodeEd25519Verifier();
  calls = 0;

  verify(key: PublicJwk, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    this.calls++;
    return this.#real.verify(key, data, signature);
  }
}
