import {
  type BackupKey,
  type BackupLock,
  decrypted,
  isRecipient,
} from "../../../adapters/backup/age.ts";
import { fileFault } from "../../support/files.ts";
import {
  askPassphrase,
  PassphraseError,
  readSecretFile,
  requireStrong,
} from "../../support/passphrase.ts";
import { UsageError } from "../../support/run-program.ts";

/** How a new backup is to be encrypted. */
export interface LockFlags {
  readonly passphraseFile?: string;
  readonly recipient?: string;
}

/** How an existing one is to be opened. */
export interface KeyFlags {
  readonly passphraseFile?: string;
  readonly identity?: string;
}

const IDENTITY = "AGE-SECRET-KEY-";

/**
 * What a new backup is encrypted with.
 *
 * @throws {PassphraseError} it is too short, or cannot be had
 * @throws {UsageError} no public key of age
 */
export async function lockOf({ passphraseFile, recipient }: LockFlags): Promise<BackupLock> {
  if (recipient !== undefined && passphraseFile !== undefined) {
    throw new UsageError("A backup has a passphrase or a recipient, not both.");
  }
  if (recipient === undefined) {
    const asked = await askPassphrase({ file: passphraseFile, twice: true });
    return { passphrase: requireStrong(asked) };
  }
  if (await isRecipient(recipient)) return { recipient };
  throw new UsageError(
    `"${recipient}" is no public key of age. "age-keygen" makes one, which begins with age1.`,
  );
}

/**
 * What a backup is opened with.
 *
 * @throws {PassphraseError}
 */
export async function keyOf({ passphraseFile, identity }: KeyFlags): Promise<BackupKey> {
  if (identity === undefined) {
    return { passphrase: await askPassphrase({ file: passphraseFile, twice: false }) };
  }
  const lines = await readSecretFile(identity, "all");
  const key = lines.split(/\r?\n/).find((line) => line.startsWith(IDENTITY));
  if (key !== undefined) return { identity: key };
  throw new PassphraseError(`There is no line that begins with ${IDENTITY} in ${identity}.`);
}

/** Opens a file that was named on the command line. */
export async function openBackup(path: string, key: BackupKey): Promise<AsyncIterable<Uint8Array>> {
  try {
    return await decrypted(path, key);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw fileFault(`Cannot read ${path}`, error);
  }
}
