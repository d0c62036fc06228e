import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import type { PasswordDigest, PasswordHasher } from "../../ports/password.ts";

/** 32 MiB for the time of one check: what a Raspberry Pi with 512 MB can spare. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Node counts a little besides the 128 * N * r bytes. */
const MEMORY_FACTOR = 2;

/** scrypt (RFC 7914) in Node's thread pool. */
export class ScryptHasher implements PasswordHasher {
  async digest(password: string): Promise<PasswordDigest> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(password, salt, COST);
    return {
      algorithm: "scrypt",
      ...COST,
      salt: salt.toString("base64url"),
      hash: hash.toString("base64url"),
    };
  }

  async matches(password: string, { N, r, p, salt, hash }: PasswordDigest): Promise<boolean> {
    const kept = Buffer.from(hash, "base64url");
    const found = await derive(password, Buffer.from(salt, "base64url"), { N, r, p });
    return kept.length === found.length && timingSafeEqual(kept, found);
  }
}

function derive(
  password: string,
  salt: Uint8Array,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: MEMORY_FACTOR * 128 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}
