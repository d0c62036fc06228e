import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { ReadableStream as NodeReadableStream } from "node:stream/web";
import { BackupDamagedError, WrongPassphraseError } from "./backup-errors.ts";

/** What a backup is encrypted with: a passphrase, or the public key of an age identity. */
export type BackupLock = { readonly passphrase: string } | { readonly recipient: string };
/** What it is opened with: that passphrase, or the identity. */
export type BackupKey = { readonly passphrase: string } | { readonly identity: string };

/**
 * scrypt with N = 2^17: 128 MiB and about a second, some on a Raspberry Pi. What the age tool takes
 * by itself (2^18) needs half of the memory of the smallest Pi.
 */
const WORK_FACTOR = 17;

const INTRODUCTION = "age-encryption.org/v1\n";
const ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";
/** Hundreds of recipients; the library would read one without end into memory. */
const HEAD_BYTES = 64 << 10;
const HEAD_END = "\n--- ";
/** What the age tool takes by itself: 256 MiB. Each step more doubles that. */
const MOST_WORK_FACTOR = 18;
const SCRYPT_STANZA = /^-> scrypt \S+ (\d+)$/gm;

/**
 * Encrypts as the format age does (https://age-encryption.org/v1), of which the tool of that name is
 * another implementation. Loaded when it is used, as it takes a while.
 */
export async function encrypted(
  chunks: AsyncIterable<Uint8Array>,
  lock: BackupLock,
): Promise<AsyncIterable<Uint8Array>> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  if ("passphrase" in lock) {
    encrypter.setScryptWorkFactor(WORK_FACTOR);
    encrypter.setPassphrase(lock.passphrase);
  } else {
    encrypter.addRecipient(lock.recipient);
  }
  return asNode(await encrypter.encrypt(asWeb(Readable.from(chunks))));
}

/** Whether a text is the public key of an age identity. */
export async function isRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await import("age-encryption");
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens an encrypted file.
 *
 * @throws {WrongPassphraseError}
 * @throws {BackupDamagedError} it is no such file; what comes may throw it too, where the file is cut
 * @throws the system's error if the file cannot be read
 */
export async function decrypted(path: string, key: BackupKey): Promise<AsyncIterable<Uint8Array>> {
  await requireKind(path, key);
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  if ("passphrase" in key) decrypter.addPassphrase(key.passphrase);
  else decrypter.addIdentity(key.identity);
  const file = createReadStream(path);
  try {
    return translated(asNode(await decrypter.decrypt(asWeb(file))));
  } catch (error) {
    file.destroy();
    if (String(error).includes("no identity matched")) {
      const what = "passphrase" in key ? "passphrase" : "identity";
      throw new WrongPassphraseError(
        `The ${what} is not the one that ${path} was encrypted with. Nothing was changed.`,
        { cause: error },
      );
    }
    throw damaged(error);
  }
}

/** Says what the file is, and which key it needs, before any is tried. */
async function requireKind(path: string, key: BackupKey): Promise<void> {
  const head = await readHead(path);
  if (head.startsWith(ARMOR)) {
    throw new BackupDamagedError(
      `${path} is in age's text form. Turn it into the binary one: age --decrypt, then age --encrypt.`,
    );
  }
  if (!head.startsWith(INTRODUCTION)) {
    throw new BackupDamagedError(`${path} is not a backup of a KMS Box: it is no file of age.`);
  }
  const end = head.indexOf(HEAD_END);
  if (end < 0) throw new BackupDamagedError(`${path} is damaged: its header has no end.`);
  requireCost(path, head.slice(0, end));
  const byPassphrase = head.startsWith("-> scrypt ", INTRODUCTION.length);
  if (byPassphrase === "passphrase" in key) return;
  throw new WrongPassphraseError(
    byPassphrase
      ? `${path} is encrypted with a passphrase: leave --identity out.`
      : `${path} is encrypted to a key: name the file with its identity by --identity FILE.`,
  );
}

/** A file says itself how much memory its passphrase takes. */
function requireCost(path: string, header: string): void {
  const factors = [...header.matchAll(SCRYPT_STANZA)].map(([, factor]) => Number(factor));
  if (factors.every((factor) => factor <= MOST_WORK_FACTOR)) return;
  throw new BackupDamagedError(
    `${path} asks for more memory than a box has to turn its passphrase into a key (work factor ` +
      `${Math.max(...factors)}, at most ${MOST_WORK_FACTOR}). Encrypt it anew: age --decrypt, then age --encrypt.`,
  );
}

async function readHead(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file?.close();
  }
}

async function* translated(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* chunks;
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(cause: unknown): BackupDamagedError {
  return new BackupDamagedError(
    "The backup is damaged: it was cut, or changed since it was written. Take another one.",
    { cause },
  );
}

/**
 * Node's type of a web stream and the library's are the same thing by two names. Not `Readable.toWeb`, which
 * throws where nobody catches it if the file is given up while a piece of it is on the way.
 */
function asWeb(stream: Readable): ReadableStream<Uint8Array> {
  return NodeReadableStream.from(stream) as unknown as ReadableStream<Uint8Array>;
}

function asNode(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  return Readable.fromWeb(stream as unknown as NodeReadableStream<Uint8Array>);
}
