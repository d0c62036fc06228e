import { execFile } from "node:child_process";
import { mkdtemp, readdir, realpath, rm, rmdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { KmsError } from "../../domain/errors.ts";
import { syncFolder } from "../../platform/durable-file.ts";

/** The stick cannot be used; the message says what to do. */
export class StickUnusableError extends KmsError {
  readonly code = "stick-unusable";
}

/** A stick that can be written to. */
export interface Stick {
  /** Its topmost folder. */
  readonly folder: string;
  /** Takes it out of the system if it was put there, so that it may be pulled. */
  release(): Promise<void>;
}

const run = promisify(execFile);
/** A stick that is broken keeps the kernel trying for minutes. */
const TOOL_TIMEOUT_MS = 60_000;
/** Nothing on it may act as a program, a device or another user. */
const OPTIONS = "rw,nosuid,nodev,noexec";
/** FAT and exFAT know no owners: then everything on it is the mounter's alone. */
const OWNERLESS = new Set(["vfat", "exfat", "msdos"]);

/**
 * Mounts a device for this program, or takes a folder where a stick is mounted already.
 *
 * @throws {StickUnusableError}
 */
export async function openStick(path: string): Promise<Stick> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new StickUnusableError(`There is no stick at ${path} (${error.code}).`, { cause: error });
  });
  if (found.isDirectory()) return { folder: path, release: async () => undefined };
  if (found.isBlockDevice()) return mount(await realpath(path));
  throw new StickUnusableError(`${path} is neither a device, such as /dev/sda1, nor a folder.`);
}

async function mount(device: string): Promise<Stick> {
  const type = await fileSystemOf(device);
  const folder = await mkdtemp(join(tmpdir(), "kms-box-usb-"));
  const options = OWNERLESS.has(type) ? `${OPTIONS},umask=0077` : OPTIONS;
  try {
    await tool("mount", ["-t", type, "-o", options, "--", device, folder]);
  } catch (error) {
    await rmdir(folder).catch(() => undefined);
    throw error;
  }
  return { folder, release: () => unmount(folder) };
}

async function unmount(folder: string): Promise<void> {
  await tool("umount", ["--", folder]);
  await rmdir(folder);
}

/** Named, so that nothing on the stick makes the kernel load a driver for something odd. */
async function fileSystemOf(device: string): Promise<string> {
  const text = await tool("blkid", ["-p", "-o", "value", "-s", "TYPE", "--", device]);
  const type = text.trim();
  if (FILE_SYSTEMS.includes(type)) return type;
  throw new StickUnusableError(
    `${device} holds ${type === "" ? "no file system" : type}. Format the stick as FAT32, exFAT or ` +
      "ext4, with the label KMSBOX.",
  );
}

const FILE_SYSTEMS = ["vfat", "exfat", "ext4"];

async function tool(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, [...args], {
      timeout: TOOL_TIMEOUT_MS,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
    });
    return stdout;
  } catch (error) {
    const { stderr = "", code } = error as { stderr?: string; code?: unknown };
    if (program === "blkid" && code === NOTHING_FOUND) return "";
    const why = stderr.trim().split("\n")[0] || String((error as Error).message);
    throw new StickUnusableError(`${program} of the stick failed: ${why}`, { cause: error });
  }
}

/** Of blkid. */
const NOTHING_FOUND = 2;

/** What a backup is called until it is whole, and its host and time are known. */
export const UNFINISHED = "kms-box-unfinished.tmp";

/** What is left of a backup that was being written when the stick was pulled. */
function isUnfinished(name: string): boolean {
  return name.toLowerCase().startsWith(UNFINISHED);
}

/** What a box's backups on a stick are called; FAT tells no upper case from lower. */
export class StickNames {
  readonly #prefix: string;
  readonly #pattern: RegExp;

  /** @param thumbprint of the host key, so that several boxes may share a stick */
  constructor(thumbprint: string) {
    const box = Buffer.from(thumbprint, "base64url").toString("hex").slice(0, 8);
    this.#prefix = `kms-box-${box}-`;
    this.#pattern = new RegExp(`^${this.#prefix}\\d{8}t\\d{6}z\\.age$`, "i");
  }

  /** @param created ISO 8601 */
  nameOf(created: string): string {
    const compact = created.slice(0, 19).replaceAll(/[-:]/g, "").toLowerCase();
    return `${this.#prefix}${compact}z.age`;
  }

  /** Those of this box among the names, oldest first. */
  own(names: readonly string[]): string[] {
    return names
      .filter((name) => this.#pattern.test(name))
      .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  }
}

/**
 * Removes this box's oldest backups from a folder, and none of anything else.
 *
 * @param fresh the one just written, which stays whatever its name says of its age
 * @returns names of those that are gone
 */
export async function rotate(
  folder: string,
  names: StickNames,
  { keep, fresh }: { readonly keep: number; readonly fresh: string },
): Promise<string[]> {
  const all = (await readdir(folder, { withFileTypes: true }))
    .filter((each) => each.isFile())
    .map(({ name }) => name);
  const older = names.own(all).filter((name) => name.toLowerCase() !== fresh.toLowerCase());
  const surplus = older.slice(0, Math.max(0, older.length - (keep - 1)));
  const gone = [...surplus, ...all.filter(isUnfinished)];
  for (const name of gone) await rm(join(folder, name));
  await syncFolder(folder);
  return surplus;
}
