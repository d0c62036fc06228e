import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";

/** The kernel counts in sectors of this size, whatever the device's own are. */
const SECTOR_BYTES = 512;

/** Counts what reaches the block device under a folder, file system overhead included. */
export class DiskMeter {
  readonly #statFile: string | undefined;

  constructor(folder: string) {
    const { dev } = statSync(folder);
    const device = `/sys/dev/block/${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
    this.#statFile = [`${device}/stat`, `${device}/../stat`].find((path) => existsSync(path));
  }

  /** Whether the folder is on a device whose writes the kernel counts. */
  get works(): boolean {
    return this.#statFile !== undefined;
  }

  /** Bytes written so far; what is still in the page cache is written first. */
  writtenBytes(): number {
    if (this.#statFile === undefined) return 0;
    execFileSync("sync");
    return Number(readFileSync(this.#statFile, "utf8").trim().split(/\s+/)[6]) * SECTOR_BYTES;
  }
}
