import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../hil/guest/host-tools.ts";

const PROJECT = join(import.meta.dirname, "../..");

/**
 * Builds the package as a release does, and returns where it is.
 *
 * @param options further ones of `npm run package`
 */
export async function buildPackage(out: string, ...options: string[]): Promise<string> {
  // Not `npm run package`, which builds what the suite's own script has built already.
  const args = ["deploy/package.ts", "--arch", "amd64", "--out", out, ...options];
  await runTool(join(PROJECT, "node_modules/.bin/tsx"), args, { cwd: PROJECT });
  const [name, ...others] = (await readdir(out)).filter((each) => each.endsWith("_amd64.deb"));
  if (name === undefined || others.length > 0)
    throw new Error(`One package is expected in ${out}.`);
  return join(out, name);
}
