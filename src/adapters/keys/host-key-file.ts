import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isDurableFile, readIfThere, writeFileDurably } from "../../platform/durable-file.ts";
import {
  generatePrivateJwk,
  KeyUnreadableError,
  NodeEd25519Signer,
  type PrivateJwk,
  parsePrivateJwk,
} from "../../platform/ed25519.ts";

export const HOST_KEY_FILE = "host.jwk";

/**
 * The host's key from its file in the state folder; made at the first start.
 *
 * @param licensed whether the state holds licences, which name a key that was there before
 * @throws {KeyUnreadableError} the file is damaged, or missing where there was one. It is never
 *   replaced by itself: every lease and licence of this host hangs on it.
 */
export async function openHostKey(folder: string, licensed: boolean): Promise<NodeEd25519Signer> {
  const stored = await readHostKey(folder);
  if (stored) return stored;
  const path = join(folder, HOST_KEY_FILE);
  if (licensed) {
    throw new KeyUnreadableError(
      `${path}, the host's key, is missing, but licences for it are installed. Restore it from a ` +
        "backup, or begin anew with another state folder and ask the vendor for a new licence.",
    );
  }
  const made = await generatePrivateJwk();
  await writeFileDurably(path, `${JSON.stringify(made)}\n`, 0o600);
  return new NodeEd25519Signer(made);
}

/**
 * The host's key; undefined before the first start.
 *
 * @throws {KeyUnreadableError} the file is damaged
 */
export async function readHostKey(folder: string): Promise<NodeEd25519Signer | undefined> {
  const path = join(folder, HOST_KEY_FILE);
  const stored = await readIfThere(path);
  return stored === undefined ? undefined : new NodeEd25519Signer(parsePrivateJwk(stored, path));
}

/**
 * The private key as JWK, for a backup.
 *
 * @throws {KeyUnreadableError} it is damaged or missing
 */
export async function readPrivateHostKey(folder: string): Promise<PrivateJwk> {
  const path = join(folder, HOST_KEY_FILE);
  const stored = await readIfThere(path);
  if (stored !== undefined) return parsePrivateJwk(stored, path);
  throw new KeyUnreadableError(`${path}, the host's key, is missing.`);
}

/** Whether a file of that name is the host's key, or what a power cut left of one being written. */
export function isHostKeyFile(name: string): boolean {
  return isDurableFile(name, HOST_KEY_FILE);
}

/** Whether the folder holds a key, and nothing of the state that was kept beside it. */
export async function hasKeyWithoutState(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.includes(HOST_KEY_FILE) && !names.some((name) => name.endsWith(".jsonl"));
}
