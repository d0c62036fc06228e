import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { DnsFailedError } from "../../ports/dns.ts";

/** A key file has some hundred bytes, a keytab of many principals some thousand. */
const MOST_BYTES = 64 * 1024;

export interface KeyFile {
  readonly text: string;
  readonly mode: number;
}

/**
 * Reads a small file of a person's choice, at once also where the path is not one of a file.
 *
 * @param what it is, for messages, such as "key file"
 * @throws {DnsFailedError} `key-unusable`
 */
export async function readKeyFile(path: string, what: string): Promise<KeyFile> {
  await requireFile(path, what);
  try {
    // Whatever took the file's place meanwhile is not waited for.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
      return { text: buffer.toString("utf8", 0, bytesRead), mode: (await file.stat()).mode };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unreadable(path, what, cause);
  }
}

/**
 * Checks that a path is that of a file of a key's size, without opening it: opening may wait for
 * somebody to write, or begin something on a device.
 *
 * @throws {DnsFailedError} `key-unusable`
 */
export async function requireFile(path: string, what: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, what, cause);
  });
  if (!found.isFile()) {
    const kind = found.isDirectory() ? "a folder" : "no file";
    throw unusable(`${path} is ${kind}: name the ${what} itself in dns.domains`);
  }
  if (found.size > MOST_BYTES) {
    throw unusable(`${path} is too long for a ${what}: name the right one in dns.domains`);
  }
}

function unreadable(path: string, what: string, cause: unknown): DnsFailedError {
  const { code = "failed" } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return unusable(`There is no ${what} ${path}: put it there, or correct dns.domains`, cause);
  }
  if (code === "EACCES" || code === "EPERM") {
    return unusable(
      `The ${what} ${path} may not be read by the user that the box runs as: give it to that user's ` +
        "group by chgrp, and chmod g+r",
      cause,
    );
  }
  return unusable(
    `The ${what} ${path} cannot be read (${code}): check the disk, or copy the file anew`,
    cause,
  );
}

function unusable(message: string, cause?: unknown): DnsFailedError {
  return new DnsFailedError("key-unusable", `${message}.`, { cause });
}
