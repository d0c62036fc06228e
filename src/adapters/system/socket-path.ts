import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Longest path that a Unix socket may have on every system (104 bytes on macOS, with its end). */
const LONGEST_PATH_BYTES = 100;

/**
 * Where a box with this state folder is spoken to: in the folder itself, or, if that path is too
 * long for a socket, in a folder for this user alone among the temporary files.
 */
export function adminSocketPath(folder: string): string {
  const path = join(resolve(folder), "box.sock");
  if (Buffer.byteLength(path) <= LONGEST_PATH_BYTES) return path;
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const stand = join(tmpdir(), `kms-box-${process.getuid?.() ?? 0}-${name}`);
  mkdirSync(stand, { recursive: true, mode: 0o700 });
  return join(stand, "box.sock");
}
