import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { ensureTools, runTool } from "./host-tools.ts";

/** The files that a guest is started from; all are only read. */
export interface Image {
  readonly kernel: string;
  readonly initrd: string;
  readonly root: string;
}

const SOURCES = join(import.meta.dirname, "../image");
const PROTOCOL = join(import.meta.dirname, "agent-protocol.ts");

/** Where finished images are kept from run to run. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "kms-box-hil");

/** The image of the present sources: a kept one, or a new one, which takes a minute or two. */
export async function ensureImage(): Promise<Image> {
  return imageIn(await ensureFolder(), "root.ext4");
}

/**
 * The same with a root file system as an administrator has it who begins: Debian without Node, whose
 * package manager has what the box's package may ask for in its cache.
 */
export async function ensureApplianceImage(): Promise<Image> {
  const folder = await ensureFolder();
  const image = imageIn(folder, "appliance.ext4");
  if (!existsSync(image.root)) {
    await making(async (work) => {
      const programs = [process.execPath, await bundleAgent(work)];
      await runTool("bash", [join(SOURCES, "appliance.sh"), folder, work, ...programs]);
    });
  }
  return image;
}

function imageIn(folder: string, root: string): Image {
  return {
    kernel: join(folder, "vmlinuz"),
    initrd: join(folder, "initrd.img"),
    root: join(folder, root),
  };
}

async function ensureFolder(): Promise<string> {
  await ensureTools();
  const folder = join(CACHE, await sourceHash());
  if (!existsSync(folder)) await make(folder);
  return folder;
}

async function sourceHash(): Promise<string> {
  const entries = await readdir(SOURCES, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of [...files.sort(), PROTOCOL]) {
    hash.update(relative(SOURCES, file)).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Builds beside the cache and moves the whole in, so that a run cut short leaves nothing half made. */
function make(folder: string): Promise<void> {
  return making(async (work) => {
    const out = join(work, "image");
    await mkdir(out);
    await runTool("bash", [join(SOURCES, "kernel.sh"), out, work]);
    await runTool("bash", [join(SOURCES, "root.sh"), out, work, await bundleAgent(work)]);
    await removeOldImages();
    await rename(out, folder).catch((error: unknown) => {
      // Another run was quicker with the same.
      if (!existsSync(folder)) throw error;
    });
  });
}

/** Does it in a folder that is removed afterwards. */
async function making(make: (work: string) => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error("Making the guest's image needs root once: run this suite as root.");
  }
  console.log("    making the guest's image; it is kept for the next run");
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, "making-"));
  try {
    await make(work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function bundleAgent(work: string): Promise<string> {
  const outfile = join(work, "agent.mjs");
  await build({
    entryPoints: [join(SOURCES, "agent.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  return outfile;
}

/** A guest that still runs from one keeps it open, and so is not disturbed. */
async function removeOldImages(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    if (/^[0-9a-f]{16}$/.test(name)) await rm(join(CACHE, name), { recursive: true, force: true });
  }
}
