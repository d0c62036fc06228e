import type { Dirent } from "node:fs";
import { cp, lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { ADDONS, notice, STARTED } from "./programs.ts";
import { run } from "./run.ts";

/** Files that come along with the program, relative to the project. */
const BESIDE = ["hardware/pins.json", "LICENSE"];

/** Only read when the addons are compiled. */
const COMPILED_IN = ["nan"];

/** What is of no use to a program that runs: types, maps, documents, tests, sources of the addons. */
const USELESS_FILE =
  /\.([cm]?ts|tsx|map|md|markdown|cc|h|gyp|gypi|yml|yaml|png|svg|html|ico|zip|tgz|flow)$|\.test\.[cm]?js$|^(\.|Makefile$|tsconfig|History|eslint\.config|test\.[cm]?js$)/i;
/** Only at the top of a package: deeper, code may stand in a folder that is named so. */
const USELESS_FOLDER =
  /^(tests?|__tests__|docs?|examples?|benchmarks?|integration-test|integration|coverage)$/;
/** Read before the rules above. */
const KEPT_FILE = /^(licen[cs]e|copying|notice)/i;

/** Copies the built programs: what the entries need, and nothing an earlier build left there. */
export async function placePrograms(project: string, target: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: STARTED.map((pattern) => `dist/${pattern}`),
    outdir: "unused",
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    external: [...ADDONS],
    logLevel: "error",
  });
  for (const file of Object.keys(metafile.inputs))
    await copy(join(project, file), join(target, file));
  await cp(join(project, "dist/web"), join(target, "dist/web"), { recursive: true });
}

/**
 * The production dependencies as the lock file has them, without their install scripts.
 *
 * @param work a folder for it
 * @returns the `node_modules`, still with everything in it
 */
export async function installModules(project: string, work: string): Promise<string> {
  await mkdir(work, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    await cp(join(project, file), join(work, file));
  }
  await run(
    "npm",
    ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
    {
      cwd: work,
    },
  );
  return join(work, "node_modules");
}

/** Copies the addons and what they need, without what a running program has no use for. */
export async function placeModules(modules: string, target: string): Promise<void> {
  for (const name of await neededBy(ADDONS, modules)) {
    await cp(join(modules, name), join(target, name), { recursive: true });
  }
  await prune(target);
  await removeEmptyFolders(target);
}

/** The licences of what the addons have in them. */
export async function compiledIn(modules: string): Promise<string> {
  return (await Promise.all(COMPILED_IN.map((name) => notice(join(modules, name))))).join("\n");
}

/** The packages and their dependencies, all of which npm put side by side. */
async function neededBy(names: readonly string[], modules: string): Promise<Set<string>> {
  const needed = new Set<string>();
  for (const name of names) {
    if (COMPILED_IN.includes(name)) continue;
    const text = await readFile(join(modules, name, "package.json"), "utf8");
    const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
    needed.add(name);
    for (const each of await neededBy(Object.keys(dependencies), modules)) needed.add(each);
  }
  return needed;
}

async function prune(folder: string, isPackage = false): Promise<void> {
  const ofPackages = /\/node_modules(\/@[^/]+)?$/.test(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isUseless(entry, isPackage)) await rm(path, { recursive: true });
    else if (entry.isDirectory()) {
      await prune(path, ofPackages && !entry.name.startsWith("@"));
    }
  }
}

function isUseless(entry: Dirent, inPackage: boolean): boolean {
  if (!entry.isDirectory()) return !KEPT_FILE.test(entry.name) && USELESS_FILE.test(entry.name);
  return entry.name.startsWith(".") || (inPackage && USELESS_FOLDER.test(entry.name));
}

async function removeEmptyFolders(folder: string): Promise<boolean> {
  let empty = true;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const gone = (await lstat(path)).isDirectory() && (await removeEmptyFolders(path));
    empty &&= gone;
  }
  if (empty) await rm(folder, { recursive: true });
  return empty;
}

/** What the program reads beside its code, with the version it is to tell. */
export async function placeBeside(project: string, target: string, version: string): Promise<void> {
  for (const file of BESIDE) await copy(join(project, file), join(target, file));
  const { name, type, license, engines } = await readPackage(project);
  const manifest = { name, version, type, license, engines };
  await writeFile(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What is used here of the project's `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

export async function readPackage(project: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(project, "package.json"), "utf8")) as Manifest;
}

export async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}
