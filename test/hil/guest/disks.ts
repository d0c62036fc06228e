import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runTool } from "./host-tools.ts";

const PROJECT = join(import.meta.dirname, "../../..");
const CODE_DISK_BYTES = 256 * 1024 * 1024;
/** Sparse; on a small one the box warns that its flash is nearly full. */
const DATA_DISK_BYTES = 2 * 1024 ** 3;

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/**
 * A disk with the program as it is installed: what the build made, and the packages that it needs in
 * the form in which `npm ci` left them here, so that the guest runs these very native addons.
 *
 * @param environment settings for the service
 */
export async function makeCodeDisk(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const tree = join(folder, "code");
  await mkdir(tree);
  for (const name of ["dist", "hardware", "package.json", ...(await installedPackages())]) {
    const from = join(PROJECT, name);
    if (existsSync(from)) await cp(from, join(tree, name), { recursive: true });
  }
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(tree, "box.env"), lines.join(""));
  return makeDisk(join(folder, "code.ext4"), CODE_DISK_BYTES, tree);
}

/** An empty disk for what the box keeps. */
export async function makeDataDisk(folder: string, name = "data"): Promise<string> {
  return makeDisk(join(folder, `${name}.ext4`), DATA_DISK_BYTES);
}

/** A disk with these files and nothing else. */
export async function makeFilesDisk(folder: string, files: readonly string[]): Promise<string> {
  const tree = join(folder, "files");
  await mkdir(tree);
  for (const file of files) await cp(file, join(tree, basename(file)));
  return makeDisk(join(folder, "files.ext4"), CODE_DISK_BYTES, tree);
}

/** A disk of its own with what another one holds. */
export async function copyDisk(from: string, to: string): Promise<string> {
  await runTool("cp", ["--sparse=always", from, to]);
  return to;
}

const CORRECTED = 1;

/**
 * Checks what a power cut left on a disk, on a copy, as Raspberry Pi OS does at a start: the journal is
 * replayed and sums are brought up to date, and the file system must be in order then.
 *
 * @throws {Error} with what is not
 */
export async function checkDisk(file: string): Promise<void> {
  const copy = `${file}.copy`;
  try {
    await copyDisk(file, copy);
    await runTool("e2fsck", ["-p", "-f", copy]).catch(
      (error: { code?: unknown; stdout?: string }) => {
        if (error.code !== CORRECTED) throw new Error(`${file}: ${error.stdout}`, { cause: error });
      },
    );
  } finally {
    await rm(copy, { force: true });
  }
}

async function makeDisk(file: string, bytes: number, tree?: string): Promise<string> {
  await writeFile(file, "");
  await truncate(file, bytes);
  await runTool("mke2fs", ["-q", "-F", "-t", "ext4", ...(tree ? ["-d", tree] : []), file]);
  return file;
}

/** Folders of the packages that are not for development only; those inside another come with it. */
async function installedPackages(): Promise<string[]> {
  const lock: LockFile = JSON.parse(await readFile(join(PROJECT, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev)
    .map(([path]) => path);
}
