import { type ExecFileOptions, execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const LOCK_SECONDS = 300;

/** The administrator's folders are not on everybody's path. */
export const PATH = [process.env.PATH ?? "", "/usr/sbin", "/sbin"].join(delimiter);

/** Runs a program of this machine; throws with what it wrote if it fails. */
export async function runTool(
  program: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  const { stdout } = await run(program, args, {
    maxBuffer: 64 * 1024 * 1024,
    ...options,
    encoding: "utf8",
    env: { ...process.env, ...options.env, PATH },
  });
  return stdout;
}

/**
 * Installs what is missing where that is allowed, or throws and names it.
 *
 * @param packages Debian's package of each program, or of each file by its whole path
 */
export async function ensurePackages(packages: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.entries(packages)
    .filter(([program]) => !isFound(program))
    .map(([, name]) => name);
  if (names.length === 0) return;
  const missing = [...new Set(names)];
  const needed = `This suite needs these packages of Debian: ${missing.join(" ")}`;
  if (process.getuid?.() !== 0 || !isFound("apt-get")) throw new Error(needed);
  console.log(`    installing ${missing.join(" ")}`);
  try {
    await install(missing);
  } catch (error) {
    throw new Error(`${needed}. They could not be installed.`, { cause: error });
  }
}

async function install(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // Another installation may be under way.
  const patient = ["-q", "-o", `DPkg::Lock::Timeout=${LOCK_SECONDS}`];
  await runTool("apt-get", [...patient, "update"], { env });
  const options = ["-y", "--no-install-recommends"];
  await runTool("apt-get", [...patient, "install", ...options, ...packages], { env });
}

function isFound(program: string): boolean {
  return PATH.split(delimiter).some((folder) => existsSync(resolve(folder, program)));
}
