import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { KmsError } from "../../domain/errors.ts";

/** The folder for the socket cannot be relied on; the message says what to do. */
export class SocketFolderError extends KmsError {
  readonly code = "socket-folder";
}

/** Longest path that a Unix socket may have on every system (104 bytes on macOS, with its end). */
const LONGEST_PATH_BYTES = 100;

/**
 * Where a box with this state folder is spoken to: in the folder itself, or, if that path is too
 * long for a socket, in a folder for this user alone among the temporary files.
 *
 * @throws {SocketFolderError} that folder is another user's
 */
export function adminSocketPath(folder: string): string {
  const path = join(resolve(folder), "box.sock");
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES) return path;
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const stand = join(tmpdir(), `kms-box-${process.getuid?.() ?? 0}-${name}`);
  mkdirSync(stand, { recursive: true, mode: 0o700 });
  requireOwn(stand);
  return join(stand, "box.sock");
}

/** Anybody may make a folder of that name first, to listen there in the box's place. */
function requireOwn(folder: string): void {
  // Windows has no such owners, and temporary files of one user only.
  if (!process.getuid) return;
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid() || (found.mode & 0o022) !== 0) {
    throw new SocketFolderError(
      `${folder} belongs to somebody else, or others can write to it: remove it.`,
    );
  }
}
