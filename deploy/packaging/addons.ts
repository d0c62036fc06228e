import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { type Architecture, COMPILERS, PackagingError } from "./architectures.ts";
import { run } from "./run.ts";

/** Debian's release whose Node the addons are built for, and whose compilers build them. */
const SUITE = "trixie";
const SCRIPT = join(import.meta.dirname, "../addons/build.sh");
/** Packages that have the sources, with what they include at compile time. */
const SOURCES = ["i2c-bus", "epoll", "nan"];

/** Where each addon has to be, so that its package finds it. */
const PLACES = { "i2c.node": "i2c-bus", "epoll.node": "epoll" } as const;

export interface AddonsOptions {
  /** A `node_modules` with the sources of the addons. */
  readonly modules: string;
  readonly architectures: readonly Architecture[];
  readonly progress: (line: string) => void;
}

/**
 * Compiles the native addons for each architecture, or finds those of the same sources that an
 * earlier run left in the cache. Needs Debian's mirror when it compiles.
 *
 * @returns the folder of an architecture's `*.node` files
 */
export async function ensureAddons({
  modules,
  architectures,
  progress,
}: AddonsOptions): Promise<(architecture: Architecture) => string> {
  const cache = join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
    "kms-box-package",
    await sourceHash(modules),
  );
  const place = (architecture: Architecture) => join(cache, architecture);
  const missing = architectures.filter((architecture) => !existsSync(place(architecture)));
  if (missing.length > 0) await compile(missing, modules, cache, progress);
  return place;
}

/** Puts an architecture's addons where their packages look for them. */
export async function placeAddons(from: string, modules: string): Promise<void> {
  for (const [file, owner] of Object.entries(PLACES)) {
    const folder = join(modules, owner, "build/Release");
    await mkdir(folder, { recursive: true });
    await cp(join(from, file), join(folder, file));
  }
}

async function sourceHash(modules: string): Promise<string> {
  const hash = createHash("sha256")
    .update(SUITE)
    .update(await readFile(SCRIPT));
  for (const name of SOURCES) {
    const entries = await readdir(join(modules, name), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && /\.(cc|h|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.includes("/build/"));
    for (const file of files.sort()) {
      hash.update(relative(modules, file)).update(await readFile(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** Builds beside the cache and moves each whole folder in: a run cut short leaves nothing half made. */
async function compile(
  architectures: readonly Architecture[],
  modules: string,
  cache: string,
  progress: (line: string) => void,
): Promise<void> {
  if (process.arch !== "x64") {
    throw new PackagingError("The native addons are cross-built on a machine of amd64: use one.");
  }
  progress(`native addons for ${architectures.join(", ")}: compiling, about two minutes`);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, ".making-"));
  try {
    await mkdir(join(work, "src"));
    for (const name of SOURCES) {
      await cp(join(modules, name), join(work, "src", name), { recursive: true });
    }
    await cp(SCRIPT, join(work, "src/build.sh"));
    await run("mmdebstrap", mmdebstrapArguments(architectures), {
      cwd: work,
      onLine: (line) => {
        if (/^I: (running|downloading|extracting|installing|success)/.test(line)) progress(line);
      },
    });
    for (const architecture of architectures) {
      await rename(join(work, "out", architecture), join(cache, architecture)).catch(
        (error: unknown) => {
          // Another run was quicker with the same.
          if (!existsSync(join(cache, architecture))) throw error;
        },
      );
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A Debian tree that is there only while its hooks run. */
function mmdebstrapArguments(architectures: readonly Architecture[]): string[] {
  const all = [...new Set<Architecture>(["amd64", ...architectures])];
  return [
    "--variant=apt",
    `--architectures=${all.join(",")}`,
    `--include=${all.map((name) => COMPILERS[name]).join(" ")}`,
    "--customize-hook=copy-in src /",
    `--customize-hook=chroot "$1" sh /src/build.sh ${architectures.join(" ")}`,
    "--customize-hook=copy-out /out .",
    SUITE,
    "/dev/null",
    `deb http://deb.debian.org/debian ${SUITE} main`,
  ];
}
