import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { syncFolder, writeFileDurably } from "../../src/platform/durable-file.ts";

describe("Writing a file durably", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "durable-file-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("creates it for its owner only and replaces it as a whole", async () => {
    const path = join(folder, "settings.json");
    await writeFileDurably(path, "a longer text");
    await writeFileDurably(path, new TextEncoder().encode("ü"));
    assert.equal(await readFile(path, "utf8"), "ü");
    if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ["settings.json"]);
  });

  it("gives it the permissions that are asked for", async () => {
    const path = join(folder, "public");
    await writeFileDurably(path, "x", 0o640);
    if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o640);
  });

  it("leaves nothing behind when it fails", async () => {
    const path = join(folder, "taken");
    await mkdir(join(path, "inside"), { recursive: true });
    await assert.rejects(writeFileDurably(path, "x"));
    assert.deepEqual(await readdir(folder), ["taken"]);
  });

  it("does without the folder's sync on Windows", async () => {
    await syncFolder(join(folder, "missing"), "win32");
    await assert.rejects(syncFolder(join(folder, "missing"), "linux"), { code: "ENOENT" });
  });
});
