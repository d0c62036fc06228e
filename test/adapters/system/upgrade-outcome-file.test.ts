import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUpgradeOutcome } from "../../../src/adapters/system/upgrade-outcome-file.ts";

const OUTCOME = { outcome: "rolled-back", from: "1.0.0", to: "1.1.0", reason: "so", at: "2026" };

describe("The file that tells how an upgrade ended", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-outcome-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function read(text: string) {
    await writeFile(join(folder, "outcome.json"), text);
    return readUpgradeOutcome(join(folder, "outcome.json"));
  }

  it("is read as it is", async () => {
    assert.deepEqual(await read(JSON.stringify(OUTCOME)), OUTCOME);
  });

  it("counts for nothing where it is absent, cut or of another kind", async () => {
    assert.equal(await readUpgradeOutcome(join(folder, "none.json")), null);
    assert.equal(await read('{"outcome":'), null);
    assert.equal(await read(JSON.stringify({ ...OUTCOME, outcome: "odd" })), null);
    assert.equal(await read(JSON.stringify({ ...OUTCOME, reason: "x".repeat(500) })), null);
  });
});
