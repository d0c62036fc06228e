import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { StorageFacts } from "../../ports/health.ts";

/** Columns of `/sys/block/DEVICE/stat` (Documentation/block/stat.rst of the kernel). */
const SECTORS_WRITTEN = 6;
/** There always, whatever the device's own sectors are. */
const SECTOR_BYTES = 512;
const KILOBYTE = 1024;
/** File systems that count in their superblock what was written since they were made. */
const COUNTING = ["ext4", "f2fs"];

const UNKNOWN: StorageFacts = {
  device: null,
  fileSystem: null,
  sinceBootBytes: null,
  lifetimeBytes: null,
  errors: null,
  readOnly: null,
};

export interface LinuxStorageOptions {
  readonly folder: string;
  /** Where the system's files are; another folder in tests. */
  readonly root?: string;
  /** Number of the device that the folder is on, as `stat` has it. */
  readonly deviceOf?: (folder: string) => bigint;
}

/** What Linux tells in `/sys` of the device below a folder; elsewhere nothing is known. Never throws. */
export function linuxStorage(options: LinuxStorageOptions): StorageFacts {
  const { folder, root = "/", deviceOf = (path) => statSync(path, { bigint: true }).dev } = options;
  try {
    const number = deviceNumber(deviceOf(folder));
    const place = realpathSync(join(root, "sys/dev/block", number));
    const isPartition = read(join(place, "partition")) !== undefined;
    const device = isPartition ? dirname(place) : place;
    const fileSystem = basename(place);
    return {
      device: basename(device),
      fileSystem,
      sinceBootBytes: writtenBytes(read(join(device, "stat"))),
      ...counters(root, fileSystem),
      readOnly: isReadOnly(root, number),
    };
  } catch {
    return UNKNOWN;
  }
}

function counters(root: string, name: string): Pick<StorageFacts, "lifetimeBytes" | "errors"> {
  for (const kind of COUNTING) {
    const folder = join(root, "sys/fs", kind, name);
    const lifetime = numberIn(join(folder, "lifetime_write_kbytes"));
    if (lifetime === null) continue;
    const errors = numberIn(join(folder, "errors_count"));
    return { lifetimeBytes: lifetime * KILOBYTE, errors };
  }
  return { lifetimeBytes: null, errors: null };
}

function writtenBytes(stat: string | undefined): number | null {
  const sectors = stat?.split(/\s+/)[SECTORS_WRITTEN];
  return sectors !== undefined && /^\d+$/.test(sectors) ? Number(sectors) * SECTOR_BYTES : null;
}

/** Field 3 of a line is the device, 6 the mount's options, and the last those of the file system. */
function isReadOnly(root: string, number: string): boolean | null {
  const lines = (read(join(root, "proc/self/mountinfo")) ?? "").split("\n");
  const options = lines
    .map((line) => line.split(" "))
    .filter((fields) => fields[2] === number)
    .map((fields) => (fields.at(-1) ?? "").split(","));
  if (options.length === 0) return null;
  return options.some((each) => each.includes("ro"));
}

/** As `/sys/dev/block` and mountinfo name it; how glibc packs both numbers into one (makedev(3)). */
function deviceNumber(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

function numberIn(path: string): number | null {
  const text = read(path);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
