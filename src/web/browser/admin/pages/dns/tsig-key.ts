/** A key that updates are signed with (RFC 8945). */
export interface TsigKey {
  readonly name: string;
  readonly algorithm: string;
  /** Base64. */
  readonly secret: string;
}

export const TSIG_ALGORITHMS = ["hmac-sha256", "hmac-sha512", "hmac-sha384"] as const;

/** Reads a file as `tsig-keygen` writes it; undefined if it is none. */
export function readTsigKey(text: string): TsigKey | undefined {
  const name = /\bkey\s+"?([^"\s{]+)"?\s*\{/.exec(text)?.[1];
  const algorithm = /\balgorithm\s+"?([\w-]+)"?\s*;/.exec(text)?.[1];
  const secret = /\bsecret\s+"?([A-Za-z0-9+/=]+)"?\s*;/.exec(text)?.[1];
  if (!name || !algorithm || !secret) return undefined;
  return { name, algorithm: algorithm.toLowerCase(), secret };
}
