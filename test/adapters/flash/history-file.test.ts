import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOwn } from "../../../src/adapters/flash/erase-box.ts";
import { HistoryFile } from "../../../src/adapters/flash/history-file.ts";

describe("the file of the history", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-history-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("holds what was saved last, for the box's own user alone", async () => {
    const file = new HistoryFile(folder);
    assert.equal(await file.load(), undefined);
    await file.save("one");
    await file.save("two");
    assert.equal(await new HistoryFile(folder).load(), "two");
    assert.equal((await stat(join(folder, "history.json"))).mode & 0o777, 0o600);
  });

  it("is rid of what a power cut left unfinished, and of nothing else", async () => {
    const unfinished = "history.json.0a1b2c3d-0000-4000-8000-000000000000.tmp";
    for (const name of [unfinished, "history.json.keep", "other"]) {
      await writeFile(join(folder, name), "half");
    }
    await new HistoryFile(folder).load();
    assert.deepEqual((await readdir(folder)).sort(), ["history.json.keep", "other"]);
  });

  it("is erased by a factory reset", () => {
    assert.ok(isOwn("history.json"));
    assert.ok(!isOwn("history.json.keep"));
  });
});
