import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir } from "node:fs/promises";
import { syncFolder } from "../../platform/durable-file.ts";
import type { FlashFile, FlashFs } from "./flash-fs.ts";

const { O_RDWR, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
/** Root writes into a folder that is the box's: a link planted there must not lead it elsewhere. */
const CREATE = O_RDWR | O_CREAT | O_TRUNC | (O_NOFOLLOW ?? 0);
const FLAGS = { read: "r", update: "r+", create: CREATE } as const;

/** Missing; holding something, as two systems say it; a link. */
const NOT_REMOVABLE = new Set(["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR"]);

/** The real file system. */
export class NodeFlashFs implements FlashFs {
  async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }

  async list(folder: string): Promise<string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  async open(path: string, access: "read" | "update" | "create"): Promise<FlashFile> {
    return new NodeFlashFile(await open(path, FLAGS[access], 0o600));
  }

  rename(from: string, to: string): Promise<void> {
    return rename(from, to);
  }

  remove(path: string): Promise<void> {
    return rm(path, { force: true });
  }

  async kindOf(path: string): Promise<"file" | "folder" | "other" | undefined> {
    try {
      const found = await lstat(path);
      if (found.isFile()) return "file";
      return found.isDirectory() ? "folder" : "other";
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async removeFolder(path: string): Promise<void> {
    try {
      await rmdir(path);
    } catch (error) {
      if (!NOT_REMOVABLE.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }

  syncFolder(path: string): Promise<void> {
    return syncFolder(path);
  }
}

class NodeFlashFile implements FlashFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, position)).bytesRead;
  }

  async write(data: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.write(data, 0, data.length, position)).bytesWritten;
  }

  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes);
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
