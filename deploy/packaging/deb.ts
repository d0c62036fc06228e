import { createHash } from "node:crypto";
import { chmod, lstat, lutimes, mkdir, open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ControlFacts, controlFile } from "./control.ts";
import { run } from "./run.ts";

const BLOCK = 1024;

export interface DebOptions {
  /** The files as they are to be on the machine, and the maintainer scripts in `DEBIAN/`. */
  readonly tree: string;
  readonly file: string;
  readonly facts: Omit<ControlFacts, "installedKiB">;
  /** Every file is of this time. */
  readonly epochSeconds: number;
}

/** Packs a tree. The same tree and time give the same bytes, whoever packs it and where. */
export async function packDeb({ tree, file, facts, epochSeconds }: DebOptions): Promise<void> {
  const paths = await list(tree);
  const files = paths.filter(({ path, isFile }) => isFile && !path.startsWith("DEBIAN/"));
  const installedKiB = files.reduce((sum, { size }) => sum + Math.ceil(size / BLOCK), 0);
  const meta = {
    control: controlFile({ ...facts, installedKiB }),
    md5sums: await sums(
      tree,
      files.map(({ path }) => path).filter((path) => !isConffile(path)),
    ),
    conffiles: files
      .filter(({ path }) => isConffile(path))
      .map(({ path }) => `/${path}\n`)
      .join(""),
  };
  await mkdir(join(tree, "DEBIAN"), { recursive: true });
  for (const [name, text] of Object.entries(meta))
    await writeFile(join(tree, "DEBIAN", name), text);
  await settle(tree, epochSeconds);
  await run("dpkg-deb", ["--root-owner-group", "-Zxz", "--threads-max=1", "--build", tree, file], {
    env: { SOURCE_DATE_EPOCH: String(epochSeconds), TZ: "UTC" },
  });
}

function isConffile(path: string): boolean {
  return path.startsWith("etc/");
}

async function sums(tree: string, paths: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const path of paths) {
    const digest = createHash("md5").update(await readFile(join(tree, path)));
    lines.push(`${digest.digest("hex")}  ${path}\n`);
  }
  return lines.join("");
}

/** Modes do not depend on the builder's umask, times not on the day. */
async function settle(tree: string, epochSeconds: number): Promise<void> {
  for (const { path, isFile, isLink } of [...(await list(tree))].reverse()) {
    const whole = join(tree, path);
    if (!isLink) await chmod(whole, isFile && !(await isScript(whole)) ? 0o644 : 0o755);
    await lutimes(whole, epochSeconds, epochSeconds);
  }
  await chmod(tree, 0o755);
  await lutimes(tree, epochSeconds, epochSeconds);
}

/** Whether the file names the program that runs it. */
async function isScript(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2);
    return buffer.toString("latin1", 0, bytesRead) === "#!";
  } finally {
    await handle.close();
  }
}

interface Listed {
  readonly path: string;
  readonly size: number;
  readonly isFile: boolean;
  readonly isLink: boolean;
}

/** Everything below a folder, by the order of the paths' bytes. */
async function list(tree: string): Promise<Listed[]> {
  const names = await readdir(tree, { recursive: true });
  const listed = names.map(async (path) => {
    const entry = await lstat(join(tree, path));
    return { path, size: entry.size, isFile: entry.isFile(), isLink: entry.isSymbolicLink() };
  });
  return (await Promise.all(listed)).sort((one, other) => (one.path < other.path ? -1 : 1));
}
