import type { PublicJwk } from "../../domain/claims.ts";
import { KeyUnreadableError, parsePublicJwk, sha256 } from "../../platform/ed25519.ts";
import { keyNames } from "../../protocol/thumbprint.ts";
import { readInput } from "../support/files.ts";

export interface HostKey {
  readonly publicJwk: PublicJwk;
  readonly thumbprint: string;
}

/**
 * The key of the host that asks for a licence, as `kms-box licence request` prints it.
 *
 * @param path `-` for standard input
 * @throws {KeyUnreadableError} it is not a public key
 */
export async function readHostKey(path: string): Promise<HostKey> {
  const source = path === "-" ? "Standard input" : path;
  const text = await readInput(path);
  const publicJwk = parsePublicJwk(text, source);
  if ("d" in (JSON.parse(text) as object)) {
    throw new KeyUnreadableError(
      `${source} holds a private key, which its host must never give away. Ask for what ` +
        '"kms-box licence request" prints there.',
    );
  }
  return { publicJwk, thumbprint: keyNames(publicJwk, sha256).thumbprint };
}
