import assert from "node:assert/strict";
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlashRestore } from "../../../src/adapters/backup/flash-restore.ts";
import { NodeFlashFs } from "../../../src/adapters/flash/node-flash-fs.ts";
import { ActivationLedger } from "../../../src/domain/ledger.ts";
import { backupBytes, inPieces } from "../../support/backup-rig.ts";
import { put } from "../../support/flash-rig.ts";

const ORDER = { generation: 7, ordered: "2030-01-02T03:04:05.000Z" };
const NAMES = [
  "restore.tmp",
  "restore",
  "host.jwk",
  "host.jwk.00000000-0000-4000-8000-000000000000.tmp",
  "settings.json",
  "state.a.jsonl",
  "state.a.jsonl.tmp",
  "journal.00000001.jsonl",
  "journal.00000001.jsonl.tmp",
];

describe("links that were planted in the state folder", () => {
  let root: string;
  let folder: string;
  let elsewhere: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kms-box-links-"));
    folder = join(root, "state");
    elsewhere = join(root, "shadow");
    await new NodeFlashFs().makeFolder(folder);
    await writeFile(elsewhere, "not the box's");
  });
  afterEach(() => rm(root, { recursive: true }));

  const restore = () =>
    new FlashRestore({ folder, vendorFolder: "v", newLedger: () => new ActivationLedger() });
  const files = [
    { kind: "settings", name: "", mode: 0o600, content: Buffer.from("{}").toString("base64") },
  ] as const;

  it("lead no file that is made elsewhere", async () => {
    await symlink(elsewhere, join(folder, "x"));
    await assert.rejects(new NodeFlashFs().open(join(folder, "x"), "create"), { code: "ELOOP" });
    assert.equal(await readFile(elsewhere, "utf8"), "not the box's");
  });

  for (const name of NAMES) {
    it(`do not lead a restore out of it: ${name}`, async () => {
      await symlink(elsewhere, join(folder, name));
      const size = { records: 1, clients: 1 };
      const bytes = await backupBytes({ changes: [put(1)], size, files });
      await restore().record(inPieces(bytes, 1000), ORDER);
      const restored = await restore().finish(async () => undefined);
      assert.equal(restored?.clients, 1);
      assert.equal(await readFile(elsewhere, "utf8"), "not the box's");
      assert.equal((await lstat(join(folder, "host.jwk"))).isFile(), true);
    });
  }
});
