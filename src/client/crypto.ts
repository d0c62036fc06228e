import { NodeEd25519Verifier, sha256 } from "../platform/ed25519.ts";
import type { TokenCrypto } from "../protocol/licence.ts";

const verifier = new NodeEd25519Verifier();

export const TOKEN_CRYPTO: TokenCrypto = {
  verify: (key, data, signature) => verifier.verify(key, data, signature),
  sha256,
};
