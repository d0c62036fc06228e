import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { AlertFailedError } from "../../ports/alerts.ts";

/** A chain of certificates has some thousand. */
const MOST_BYTES = 64 * 1024;
const BY_OTHERS = 0o007;

/**
 * Reads a small file that the configuration names, anew each time, so that it can be replaced while the
 * box runs; at once also where the path is not one of a file.
 *
 * @param option that names it, for messages, such as `alerts.mail.passwordFile`
 * @throws {AlertFailedError} `file-unusable`
 */
export async function readOwnFile(path: string, option: string): Promise<string> {
  return (await read(path, option)).text;
}

/**
 * The same of a file with a secret, which nobody but its owner and group may read.
 *
 * @returns the secret, without the end of its line
 * @throws {AlertFailedError} `file-unusable`
 */
export async function readSecretFile(path: string, option: string): Promise<string> {
  const { text, mode } = await read(path, option);
  if ((mode & BY_OTHERS) !== 0) {
    throw unusable(`Everybody can read the secret in ${path}: take that away by chmod 600 ${path}`);
  }
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "" || secret.includes("\n")) {
    throw unusable(`${path} must hold one line, the secret of ${option}`);
  }
  return secret;
}

async function read(path: string, option: string): Promise<{ text: string; mode: number }> {
  try {
    // Opening what is no file may wait for somebody to write.
    const found = await stat(path);
    if (!found.isFile() || found.size > MOST_BYTES) {
      throw unusable(`${path} is no file of that kind: correct ${option}`);
    }
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
      return { text: buffer.toString("utf8", 0, bytesRead), mode: (await file.stat()).mode };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof AlertFailedError) throw cause;
    throw unreadable(path, option, cause);
  }
}

function unreadable(path: string, option: string, cause: unknown): AlertFailedError {
  const { code = "failed" } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return unusable(`There is no file ${path}: put it there, or correct ${option}`, cause);
  }
  if (code === "EACCES" || code === "EPERM") {
    return unusable(
      `${path} may not be read by the user that the box runs as: give it to that user by chown`,
      cause,
    );
  }
  return unusable(
    `${path} cannot be read (${code}): check the disk, or write the file anew`,
    cause,
  );
}

function unusable(message: string, cause?: unknown): AlertFailedError {
  return new AlertFailedError("file-unusable", `${message}.`, { cause });
}
