import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlashFactoryReset } from "../../../src/adapters/flash/flash-factory-reset.ts";
import { FlashStore } from "../../../src/adapters/flash/flash-store.ts";
import { openHostKey } from "../../../src/adapters/keys/host-key-file.ts";
import { createVendorKey } from "../../../src/adapters/keys/vendor-key-files.ts";
import { put } from "../../support/flash-rig.ts";

describe("a factory reset of a real folder", () => {
  let scratch: string;
  let folder: string;
  let reset: FlashFactoryReset;

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), "kms-box-reset-"));
    folder = join(scratch, "state");
    reset = new FlashFactoryReset({ folder, vendorFolder: "demo-vendor" });
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  async function makeBox(): Promise<void> {
    const store = await FlashStore.open({ folder });
    await store.commit([put(1)]);
    await store.compact();
    await store.close();
    await openHostKey(folder, false);
    await createVendorKey(join(folder, "demo-vendor"));
  }

  it("leaves nothing of the box", async () => {
    await makeBox();
    assert.ok((await readdir(folder)).length > 3);
    assert.equal(await reset.perform(), true);
    assert.deepEqual(await readdir(folder), []);
  });

  it("is finished under the lock of the store that is opened next", async () => {
    await makeBox();
    await reset.record();
    const store = await FlashStore.open({
      folder,
      beforeRead: async (guard) => {
        await assert.rejects(reset.perform(), { code: "storage-locked" });
        assert.equal(await reset.finish(guard), true);
      },
    });
    assert.equal(store.ledger.clients, 0);
    await store.close();
  });

  it("is refused while a process uses the folder", async () => {
    await makeBox();
    const store = await FlashStore.open({ folder });
    await assert.rejects(reset.perform(), { code: "storage-locked", message: /stop it/ });
    await store.close();
    assert.equal(await new FlashFactoryReset({ folder, vendorFolder: "x" }).perform(), true);
  });

  it("leaves alone what else is in the folder, and what links lead to", async () => {
    const outside = join(scratch, "outside");
    await mkdir(folder);
    await createVendorKey(outside);
    await writeFile(join(outside, "host.jwk"), "key");
    await symlink(join(outside, "host.jwk"), join(folder, "host.jwk"));
    await symlink(outside, join(folder, "demo-vendor"));
    await mkdir(join(folder, "state.a.jsonl"));
    await writeFile(join(folder, "state.a.jsonl", "notes"), "mine");
    await writeFile(join(folder, "journal.txt"), "mine");
    assert.equal(await reset.perform(), true);
    assert.equal(await readFile(join(outside, "host.jwk"), "utf8"), "key");
    assert.deepEqual(await readdir(outside), ["host.jwk", "vendor.jwk", "vendor.pub.jwk"]);
    assert.deepEqual(await readdir(folder), ["demo-vendor", "journal.txt", "state.a.jsonl"]);
    assert.deepEqual(await readdir(join(folder, "state.a.jsonl")), ["notes"]);
  });

  it("keeps a vendor's folder in which there is something else", async () => {
    await makeBox();
    await writeFile(join(folder, "demo-vendor", "acme.licence"), "mine");
    await reset.perform();
    assert.deepEqual(await readdir(join(folder, "demo-vendor")), ["acme.licence"]);
  });

  it("finds no box in a folder that is missing or holds other things", async () => {
    assert.equal(await reset.perform(), false);
    await mkdir(folder);
    await writeFile(join(folder, "notes.txt"), "mine");
    assert.equal(await reset.perform(), false);
    assert.deepEqual(await readdir(folder), ["notes.txt"]);
  });
});
