import assert from "node:assert/strict";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readKeptVersion } from "../../src/adapters/system/kept-version.ts";
import { VERSION } from "../../src/version.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

describe("kms-box upgrade", function () {
  this.timeout(30_000);
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("tells the version, and how another is installed", async () => {
    const box = await BoxProcess.start({ data: folder, args: ["--no-web", "--no-dns"] });
    const told = await runProgram("kms-box", ["upgrade", "--data", folder, "--json"]);
    const { version, byPage, how } = told.json();
    assert.deepEqual([told.status, version, byPage], [0, VERSION, false]);
    assert.match(String(how), /cannot be upgraded from here.*as root: apt install/);
    const text = await runProgram("kms-box", ["upgrade", "--data", folder]);
    assert.match(text.stdout, new RegExp(`^Version +${VERSION}\nKept +\\S+\nLast upgrade +\\S+`));
    await box.stop();
    assert.equal((await runProgram("kms-box", ["upgrade", "--data", folder])).status, 1);
  });

  it("finds the version that is kept for going back", async () => {
    assert.equal(await readKeptVersion("1.2.3", join(folder, "none")), null);
    for (const name of [".making", "1.2.3"]) await mkdir(join(folder, name));
    assert.equal(await readKeptVersion("1.2.3", folder), null);
    await mkdir(join(folder, "1.2.2"));
    assert.equal(await readKeptVersion("1.2.3", folder), "1.2.2");
  });
});
