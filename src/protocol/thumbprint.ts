import type { PublicJwk } from "../domain/claims.ts";
import { cmidFromDigest, thumbprintInput } from "../domain/cmid.ts";
import { encodeBase64url } from "./base64url.ts";

/** SHA-256 of the data, 32 bytes; passed in, since this layer has no cryptography of its own. */
type Sha256 = (data: Uint8Array) => Uint8Array;

export interface KeyNames {
  /** RFC 7638 thumbprint, base64url. */
  readonly thumbprint: string;
  /** The CMID of a client with this key. */
  readonly cmid: string;
}

/** What a public key is called: one digest gives both names. */
export function keyNames(jwk: PublicJwk, sha256: Sha256): KeyNames {
  const digest = sha256(Buffer.from(thumbprintInput(jwk.x), "utf8"));
  return { thumbprint: encodeBase64url(digest), cmid: cmidFromDigest(digest) };
}
