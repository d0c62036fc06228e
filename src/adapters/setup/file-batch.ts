import { chmod, chown, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "../../platform/durable-file.ts";
import type { PlannedFile } from "../../ports/setup.ts";

/** Who files belong to; undefined leaves them to the user who writes, as in tests. */
export interface Ownership {
  /** The number of the group `kms-box`. */
  readonly group: number;
}

interface Staged {
  readonly temporary: string;
  readonly path: string;
}

/**
 * Several small files that are replaced together: all are written and synced beside their places
 * first, so that a disk that is full, read-only or broken changes nothing; only then they are renamed.
 * A power cut between two renames leaves each file whole, and doing it again completes it.
 */
export class FileBatch {
  readonly #root: string;
  readonly #ownership: Ownership | undefined;
  readonly #staged: Staged[] = [];

  constructor(root: string, ownership: Ownership | undefined) {
    this.#root = root;
    this.#ownership = ownership;
  }

  /** Files that are as they shall be are left alone. */
  async stage(file: PlannedFile): Promise<void> {
    const path = join(this.#root, file.path);
    // One name for each, so that what a power cut left is found again. Hidden, and with an ending
    // that no reader of these folders takes.
    const temporary = join(dirname(path), `.${basename(path)}.kms-box-setup.tmp`);
    await rm(temporary, { force: true });
    if (await this.#isSame(path, file)) return;
    await this.#makeFolder(dirname(path), file);
    this.#staged.push({ temporary, path });
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(file.content);
      await this.#own(handle, file);
      await handle.chmod(file.mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** @returns the paths that changed, as seen by the system */
  async commit(): Promise<string[]> {
    for (const { temporary, path } of this.#staged) await rename(temporary, path);
    for (const folder of new Set(this.#staged.map(({ path }) => dirname(path)))) {
      await syncFolder(folder);
    }
    return this.#staged.map(({ path }) => `/${path.slice(join(this.#root, "/").length)}`);
  }

  /** Removes what was staged; for when not all could be. */
  async drop(): Promise<void> {
    for (const { temporary } of this.#staged) await rm(temporary, { force: true });
  }

  async #isSame(path: string, { content, mode, group }: PlannedFile): Promise<boolean> {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile() || (found.mode & 0o777) !== mode) return false;
    if (group && this.#ownership && found.gid !== this.#ownership.group) return false;
    return (await readFile(path, "utf8")) === content;
  }

  async #own(handle: Awaited<ReturnType<typeof open>>, { group }: PlannedFile): Promise<void> {
    if (this.#ownership) await handle.chown(0, group ? this.#ownership.group : 0);
  }

  /** A folder of keys is closed to others, too. */
  async #makeFolder(folder: string, { group }: PlannedFile): Promise<void> {
    const first = await mkdir(folder, { recursive: true, mode: 0o755 });
    if (first === undefined || !group) return;
    await chmod(folder, 0o750);
    if (this.#ownership) await chown(folder, 0, this.#ownership.group);
  }
}

/** Removes files, durably; those that are not there count as removed. */
export async function removeFiles(root: string, paths: readonly string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const path of paths) {
    const place = join(root, path);
    if (!(await stat(place).catch(() => undefined))) continue;
    await rm(place);
    await syncFolder(dirname(place));
    removed.push(path);
  }
  return removed;
}
