/** What is kept of a password: enough to check one, too little to find it. */
export interface PasswordDigest {
  readonly algorithm: "scrypt";
  /** Cost parameters of RFC 7914: memory is 128 * N * r bytes. */
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** base64url */
  readonly salt: string;
  /** base64url */
  readonly hash: string;
}

/** Derives and checks, off the main thread; both take a good part of a second on a small machine. */
export interface PasswordHasher {
  digest(password: string): Promise<PasswordDigest>;
  /** In constant time, by the parameters that the digest was made with. */
  matches(password: string, digest: PasswordDigest): Promise<boolean>;
}
