import { existsSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../../platform/durable-file.ts";

/** Where Raspberry Pi OS mounts it: since Debian 12, and before. */
const PLACES = ["boot/firmware", "boot"];

/**
 * The folder that a PC sees as the card's first partition: the one that holds the file, else the
 * first that is there; undefined where there is none.
 */
export function findBootFolder(root: string, file: string): string | undefined {
  const folders = PLACES.map((place) => join(root, place)).filter((place) => existsSync(place));
  return folders.find((folder) => existsSync(join(folder, file))) ?? folders[0];
}

/**
 * A whole file of bounded size; undefined if there is none. One byte more than `largest` is read at
 * most, by which the caller sees that it is too large.
 */
export async function readBounded(path: string, largest: number): Promise<Buffer | undefined> {
  try {
    const handle = await open(path);
    try {
      const buffer = Buffer.alloc(largest + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a file that a person reads, unless it says that already. */
export async function writeBeside(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) return;
  await (await stageBeside(path, text)).commit();
}

/** A file beside which its next content lies, synced. */
export interface StagedContent {
  commit(): Promise<void>;
  drop(): Promise<void>;
}

/**
 * Writes what a file shall hold beside it. FAT keeps the clusters of what was replaced as they are, so
 * that a secret could be read from the card for years: the former content is written over, which is
 * the best that can be done above the card's own wear levelling.
 */
export async function stageBeside(path: string, text: string): Promise<StagedContent> {
  const temporary = temporaryOf(path);
  const drop = () => rm(temporary, { force: true });
  try {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await drop().catch(() => undefined);
    throw error;
  }
  return { drop, commit: () => replaceAndErase(path, temporary) };
}

async function replaceAndErase(path: string, temporary: string): Promise<void> {
  const former = await open(path, "r+").catch(() => undefined);
  try {
    await rename(temporary, path);
    await syncFolder(dirname(path));
    if (!former) return;
    const { size } = await former.stat();
    // In place: on a file that is renamed over, the open handle still reaches its clusters.
    await former.write(Buffer.alloc(size), 0, size, 0);
    await former.sync();
  } finally {
    await former?.close();
  }
}

/** Removes a file durably, if it is there, and what a power cut left of its next content. */
export async function removeBeside(path: string): Promise<void> {
  await rm(temporaryOf(path), { force: true });
  if (!existsSync(path)) return;
  await rm(path);
  await syncFolder(dirname(path));
}

function temporaryOf(path: string): string {
  return `${path}.tmp`;
}
