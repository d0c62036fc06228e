import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages, runTool } from "../support/debian-packages.ts";

const PROJECT = join(import.meta.dirname, "../..");

/** What building needs, beside Node. */
const TOOLS: Readonly<Record<string, string>> = {
  mmdebstrap: "mmdebstrap",
  "dpkg-deb": "dpkg",
  lintian: "lintian",
  unshare: "util-linux",
  "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
};

export interface Built {
  readonly architecture: string;
  readonly file: string;
}

export interface Building {
  /** Options of `npm run package`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly umask?: string;
}

/** Runs the command that builds packages, on what is built already. */
export async function buildPackages(out: string, building: Building = {}): Promise<Built[]> {
  const { args = [], env = {}, umask = "022" } = building;
  await ensurePackages(TOOLS);
  const command = `umask ${umask}; exec "$0" --import tsx deploy/package.ts --json "$@"`;
  const shell = ["-c", command, process.execPath, "--out", out, ...args];
  const answer = await runTool("sh", shell, { cwd: PROJECT, env });
  return (JSON.parse(answer) as { packages: Built[] }).packages;
}

/** The version that a package has unless told otherwise. */
export const VERSION = (
  JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string }
).version;
