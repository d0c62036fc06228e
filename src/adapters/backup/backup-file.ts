import { randomUUID } from "node:crypto";
import { link, lstat, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { KmsError } from "../../domain/errors.ts";
import { syncFolder } from "../../platform/durable-file.ts";

/** A file is there already. */
export class FileExistsError extends KmsError {
  readonly code = "file-exists";
}

/** A file system without hard links, such as FAT, says one of these. */
const NO_LINKS = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

/** @throws {FileExistsError} there is something of that name */
export async function requireAbsent(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found) throw exists(path);
}

/**
 * Writes a file for its owner only, so that after a power cut there is all of it or nothing.
 *
 * @returns its size in bytes
 * @throws {FileExistsError} something of that name came meanwhile, and it is not to be replaced
 */
export async function writeBackupFile(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  { replace }: { readonly replace: boolean },
): Promise<number> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const bytes = await writeAndSync(temporary, chunks);
    if (replace) await rename(temporary, path);
    else await placeNew(temporary, path);
    await syncFolder(dirname(path));
    return bytes;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeAndSync(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, "wx", 0o600);
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

async function placeNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw exists(path);
    if (!NO_LINKS.has(code)) throw error;
    await requireAbsent(path);
    await rename(temporary, path);
  }
}

function exists(path: string): FileExistsError {
  return new FileExistsError(
    `${path} is there already. Choose another name, or replace it with --force.`,
  );
}
