import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasKeyWithoutState, openHostKey } from "../../../src/adapters/keys/host-key-file.ts";
import {
  createVendorKey,
  readVendorKey,
  VENDOR_KEY_FILE,
  VENDOR_PUBLIC_KEY_FILE,
} from "../../../src/adapters/keys/vendor-key-files.ts";
import { KeyUnreadableError, parsePublicJwk } from "../../../src/platform/ed25519.ts";

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe("key files", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-keys-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describe("of the host", () => {
    it("are made at the first start, for the owner alone, and read at the next", async () => {
      const made = await openHostKey(folder, false);
      assert.equal(await modeOf(join(folder, "host.jwk")), 0o600);
      assert.equal((await openHostKey(folder, false)).thumbprint, made.thumbprint);
    });

    it("are never replaced by themselves when they are damaged", async () => {
      const path = join(folder, "host.jwk");
      await writeFile(path, "");
      await assert.rejects(openHostKey(folder, false), KeyUnreadableError);
      assert.equal(await readFile(path, "utf8"), "");
    });

    it("are not made anew where licences name the one that was there", async () => {
      await assert.rejects(openHostKey(folder, true), /is missing.*Restore it from a backup/);
      const made = await openHostKey(folder, false);
      assert.equal((await openHostKey(folder, true)).thumbprint, made.thumbprint);
    });

    it("are noticed without the state that was beside them", async () => {
      assert.equal(await hasKeyWithoutState(join(folder, "none")), false);
      await openHostKey(folder, false);
      assert.equal(await hasKeyWithoutState(folder), true);
      await writeFile(join(folder, "journal.00000001.jsonl"), "");
      assert.equal(await hasKeyWithoutState(folder), false);
    });

    it("pass on why they cannot be read", async () => {
      await assert.rejects(openHostKey(join(folder, "none", "x"), false), { code: "ENOENT" });
      await writeFile(join(folder, "file"), "");
      await assert.rejects(openHostKey(join(folder, "file"), false), { code: "ENOTDIR" });
    });
  });

  describe("of a vendor", () => {
    it("are a private one for the owner alone and a public one", async () => {
      const place = join(folder, "vendor");
      const made = await createVendorKey(place);
      assert.equal(await modeOf(join(place, VENDOR_KEY_FILE)), 0o600);
      assert.equal(await modeOf(join(place, VENDOR_PUBLIC_KEY_FILE)), 0o644);
      const text = await readFile(join(place, VENDOR_PUBLIC_KEY_FILE), "utf8");
      assert.deepEqual(parsePublicJwk(text, "public"), made.publicJwk);
      assert.equal(JSON.parse(text).kid, made.thumbprint);
      assert.equal(JSON.parse(text).d, undefined);
      assert.equal((await readVendorKey(place))?.thumbprint, made.thumbprint);
    });

    it("are not overwritten", async () => {
      await createVendorKey(folder);
      await assert.rejects(createVendorKey(folder), { code: "EEXIST" });
    });

    it("may be none", async () => {
      assert.equal(await readVendorKey(folder), undefined);
    });

    it("pass on why they cannot be read", async () => {
      await writeFile(join(folder, "file"), "");
      await assert.rejects(readVendorKey(join(folder, "file")), { code: "ENOTDIR" });
    });
  });
});
