import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a small file so that after a power cut either the old or the new content is there, whole.
 *
 * @param mode permissions of the new file; ignored on Windows.
 */
export async function writeFileDurably(
  path: string,
  data: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeAndSync(temporary, data, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

const TEMPORARY_NAME = /^\.[0-9a-f-]{36}\.tmp$/;

/** Whether `name` is that of the file `base`, or of what was to become it when the power failed. */
export function isDurableFile(name: string, base: string): boolean {
  if (!name.startsWith(base)) return false;
  return name === base || TEMPORARY_NAME.test(name.slice(base.length));
}

/** The text of a small file; undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Makes creations, renames and removals in a folder durable, where the system lets folders be synced. */
export async function syncFolder(folder: string, platform = process.platform): Promise<void> {
  // Windows cannot open a folder as a file; NTFS journals names by itself.
  if (platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAndSync(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
