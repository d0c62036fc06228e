import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isForeground } from "../../../src/adapters/terminal/foreground.ts";

describe("whether the program has its terminal to itself", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-foreground-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function stat(text: string): Promise<boolean> {
    const file = join(folder, "stat");
    await writeFile(file, text);
    return isForeground(file);
  }

  it("is so if its process group is the terminal's", async () => {
    assert.equal(await stat("812 (node) R 700 812 700 34816 812 4194304 5181"), true);
  });

  it("is not so in the background", async () => {
    assert.equal(await stat("812 (node) R 700 812 700 34816 700 4194304 5181"), false);
  });

  it("is not confused by the program's name", async () => {
    assert.equal(await stat("812 (a) b) (c) R 700 812 700 34816 812 4194304"), true);
  });

  it("is so where the kernel does not tell", () => {
    assert.equal(isForeground(join(folder, "absent")), true);
  });
});
