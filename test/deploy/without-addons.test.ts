import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../support/box-process.ts";

const run = promisify(execFile);
const BUILD_LIMIT_MS = 120_000;
const SOURCES = ["src", "deploy", "hardware", "package.json", "tsconfig.json"];

/** What npm leaves out where the optional dependencies cannot be compiled. */
const ABSENT = ["i2c-bus", "onoff", "epoll"];

async function installWithoutAddons(folder: string): Promise<void> {
  for (const name of SOURCES) await cp(name, join(folder, name), { recursive: true });
  await mkdir(join(folder, "node_modules"));
  for (const name of await readdir("node_modules")) {
    if (ABSENT.includes(name)) continue;
    await symlink(resolve("node_modules", name), join(folder, "node_modules", name));
  }
}

describe("a clone on a machine that cannot compile native addons", function () {
  this.timeout(BUILD_LIMIT_MS);
  let folder: string;

  before(async () => {
    folder = await temporaryFolder();
    await installWithoutAddons(folder);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it("lacks all that is optional", async () => {
    const { optionalDependencies } = JSON.parse(await readFile("package.json", "utf8"));
    assert.deepEqual(
      Object.keys(optionalDependencies).filter((name) => !ABSENT.includes(name)),
      [],
    );
  });

  it("builds, and the box that it builds starts", async () => {
    await run("npm", ["run", "build"], { cwd: folder });
    const program = join(folder, "dist/cli/kms-box.js");
    const { stdout } = await run(process.execPath, [program, "--version"]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
