import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../support/debian-packages.ts";
import { buildPackages } from "./packages.ts";

describe("The packages", () => {
  let folder: string;
  let files: Map<string, string>;

  // Native addons are compiled twice, on a machine with other work.
  before(async function () {
    this.timeout(900_000);
    folder = await mkdtemp(join(tmpdir(), "kms-box-built-"));
    const built = await buildPackages(join(folder, "first"));
    files = new Map(built.map(({ architecture, file }) => [architecture, file]));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("are built for three processors by one command", () => {
    assert.deepEqual([...files.keys()], ["amd64", "arm64", "armhf"]);
  });

  it("are the same to the byte when they are built again, elsewhere, by somebody else", async function () {
    this.timeout(900_000);
    const again = await buildPackages(join(folder, "second"), {
      umask: "077",
      // Also the native addons are made anew.
      env: { XDG_CACHE_HOME: join(folder, "cache"), TZ: "Pacific/Auckland", LANG: "C" },
    });
    for (const { architecture, file } of again) {
      const first = await readFile(files.get(architecture) ?? "");
      assert.ok(first.equals(await readFile(file)), `${architecture} differs`);
    }
    assert.equal(again.length, 3);
  });

  it("are without an error or a warning of lintian", async () => {
    const said = await runTool("lintian", ["--allow-root", "--fail-on=none", ...files.values()]);
    assert.doesNotMatch(said, /^[EW]:/m, said);
  });

  it("have addons of their own processor only", async () => {
    const machines = { amd64: /x86-64/, arm64: /aarch64/, armhf: /ARM, EABI5/ };
    for (const [architecture, machine] of Object.entries(machines)) {
      const tree = join(folder, architecture);
      await runTool("dpkg-deb", ["-x", files.get(architecture) ?? "", tree]);
      const found = (await runTool("find", [tree, "-name", "*.node"])).trim().split("\n");
      assert.equal(found.length, 2);
      for (const line of (await runTool("file", ["-b", ...found])).trim().split("\n")) {
        assert.match(line, machine);
      }
    }
  });
});
