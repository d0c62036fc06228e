import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureAddons, placeAddons } from "./addons.ts";
import type { Architecture } from "./architectures.ts";
import { packDeb } from "./deb.ts";
import { breakProgram, type Fault } from "./faults.ts";
import {
  installModules,
  placeBeside,
  placeModules,
  placePrograms,
  readPackage,
} from "./program-tree.ts";
import { run } from "./run.ts";
import { placeSystemTree } from "./tree.ts";

export interface BuildOptions {
  /** The project, built. */
  readonly project: string;
  readonly architectures: readonly Architecture[];
  /** Folder of the packages. */
  readonly out: string;
  /** Another version than the project's. */
  readonly version?: string | undefined;
  /** Breaks it on purpose. */
  readonly fault?: Fault | undefined;
  readonly progress: (line: string) => void;
}

export interface BuiltPackage {
  readonly architecture: Architecture;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
}

/** Builds a package for each architecture. */
export async function buildPackages(options: BuildOptions): Promise<BuiltPackage[]> {
  const { project, architectures, out, progress } = options;
  const version = options.version ?? (await readPackage(project)).version;
  const epochSeconds = await sourceDate(project);
  const work = await mkdtemp(join(tmpdir(), "kms-box-package-"));
  try {
    progress("dependencies: installing those that the lock file names");
    const modules = await installModules(project, join(work, "install"));
    const addons = await ensureAddons({ modules, architectures, progress });
    await mkdir(out, { recursive: true });
    const built: BuiltPackage[] = [];
    for (const architecture of architectures) {
      progress(`${architecture}: packing`);
      const tree = join(work, architecture);
      const program = join(tree, "usr/lib/kms-box", version);
      await placePrograms(project, program);
      await placeModules(modules, join(program, "node_modules"));
      await placeAddons(addons(architecture), join(program, "node_modules"));
      await placeBeside(project, program, version);
      if (options.fault) await breakProgram(program, options.fault);
      await placeSystemTree({ project, tree, version, epochSeconds, modules });
      const file = join(out, `kms-box_${version}_${architecture}.deb`);
      await packDeb({ tree, file, facts: { version, architecture }, epochSeconds });
      built.push({ architecture, version, file, bytes: (await stat(file)).size });
    }
    return built;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The time that everything in a package is of: what the environment says, or the last commit's. */
async function sourceDate(project: string): Promise<number> {
  const told = process.env.SOURCE_DATE_EPOCH;
  if (told !== undefined && /^\d+$/.test(told)) return Number(told);
  return Number(await run("git", ["-C", project, "log", "-1", "--format=%ct"]));
}
