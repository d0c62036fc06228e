import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import type { PublicJwk } from "../domain/claims.ts";
import { KmsError } from "../domain/errors.ts";
import type { Sha256, Signer, Verifier } from "../ports/keys.ts";
import { keyNames } from "../protocol/thumbprint.ts";

/** A private Ed25519 key as JWK (RFC 8037 section 2). */
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

/** The text is not an Ed25519 key. */
export class KeyUnreadableError extends KmsError {
  readonly code = "key-unreadable";
}

const signInPool = promisify(sign);
/**
 * A signature takes a third of a check. With two cores the way to another thread and back costs as
 * much as the signature itself, and the checks keep that core busy; with more, it is worth it.
 */
const SIGNS_IN_POOL = availableParallelism() > 2;

/** A private key in memory. */
export class NodeEd25519Signer implements Signer {
  readonly publicJwk: PublicJwk;
  readonly thumbprint: string;
  readonly cmid: string;
  readonly #key: KeyObject;

  constructor(jwk: PrivateJwk) {
    this.#key = privateKey(jwk);
    this.publicJwk = publicJwkOf(createPublicKey(this.#key));
    const { thumbprint, cmid } = keyNames(this.publicJwk, sha256);
    this.thumbprint = thumbprint;
    this.cmid = cmid;
  }

  async sign(data: Uint8Array): Promise<Uint8Array> {
    return SIGNS_IN_POOL ? signInPool(null, data, this.#key) : sign(null, data, this.#key);
  }
}

/** Checks signatures in node:crypto's thread pool, so that another core does the work. */
export class NodeEd25519Verifier implements Verifier {
  verify(publicKey: PublicJwk, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      try {
        const key = createPublicKey({ key: { ...publicKey }, format: "jwk" });
        verify(null, data, key, signature, (error, valid) => resolve(!error && valid));
      } catch {
        resolve(false);
      }
    });
  }
}

export const sha256: Sha256 = (data) => hash("sha256", data, "buffer");

/** A new key pair from the system's random source. */
export async function generatePrivateJwk(): Promise<PrivateJwk> {
  const { privateKey: key } = await promisify(generateKeyPair)("ed25519");
  const { d } = key.export({ format: "jwk" });
  return { ...publicJwkOf(createPublicKey(key)), d: String(d) };
}

/**
 * Reads a JWK from text.
 *
 * @throws {KeyUnreadableError} naming `source`
 */
export function parsePrivateJwk(text: string, source: string): PrivateJwk {
  const jwk = parseJwk(text, source);
  if (typeof jwk.d !== "string") {
    throw new KeyUnreadableError(`${source} holds no private key: its member "d" is missing.`);
  }
  const candidate: PrivateJwk = { kty: "OKP", crv: "Ed25519", x: String(jwk.x), d: jwk.d };
  const actual = publicJwkOf(createPublicKey(privateKey(candidate, source)));
  if (actual.x !== candidate.x) {
    throw new KeyUnreadableError(`${source} is damaged: its public and private parts differ.`);
  }
  return candidate;
}

/**
 * Reads the public part of a JWK from text.
 *
 * @throws {KeyUnreadableError} naming `source`
 */
export function parsePublicJwk(text: string, source: string): PublicJwk {
  const { x } = parseJwk(text, source);
  try {
    return publicJwkOf(
      createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: String(x) }, format: "jwk" }),
    );
  } catch (cause) {
    throw new KeyUnreadableError(`${source} does not hold an Ed25519 public key.`, { cause });
  }
}

function parseJwk(text: string, source: string): { x?: unknown; d?: unknown } {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch (cause) {
    throw new KeyUnreadableError(`${source} is not JSON; a key file is a JWK (RFC 7517).`, {
      cause,
    });
  }
  const fields = (jwk ?? {}) as { kty?: unknown; crv?: unknown; x?: unknown; d?: unknown };
  if (fields.kty !== "OKP" || fields.crv !== "Ed25519" || typeof fields.x !== "string") {
    throw new KeyUnreadableError(`${source} is not an Ed25519 key as JWK (kty OKP, crv Ed25519).`);
  }
  return fields;
}

function privateKey({ kty, crv, x, d }: PrivateJwk, source = "The key"): KeyObject {
  try {
    return createPrivateKey({ key: { kty, crv, x, d }, format: "jwk" });
  } catch (cause) {
    throw new KeyUnreadableError(`${source} does not hold an Ed25519 private key.`, { cause });
  }
}

function publicJwkOf(key: KeyObject): PublicJwk {
  return { kty: "OKP", crv: "Ed25519", x: String(key.export({ format: "jwk" }).x) };
}
