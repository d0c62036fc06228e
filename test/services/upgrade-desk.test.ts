import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { access, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UploadFile } from "../../src/adapters/backup/upload-file.ts";
import { UnitUpgradeDoor } from "../../src/adapters/system/unit-upgrade-door.ts";
import { NodeEd25519Verifier, sha256 } from "../../src/platform/ed25519.ts";
import {
  LARGEST_PACKAGE_BYTES,
  makePackageSignature,
  type PackageClaims,
} from "../../src/protocol/package-signature.ts";
import { UpgradeDesk } from "../../src/services/upgrade-desk.ts";
import { temporaryFolder } from "../support/box-process.ts";
import { signerOf } from "../support/keys.ts";

const FILE = Buffer.alloc(200_000, 7);
const key = signerOf("vendor");
const stranger = signerOf("stranger");
const verifier = new NodeEd25519Verifier();

describe("the desk for upgrades", () => {
  let folder: string;
  let keyFile: string;
  let progressFile: string;
  let desk: UpgradeDesk;

  beforeEach(async () => {
    folder = await temporaryFolder();
    keyFile = join(folder, "upgrade.pub.jwk");
    progressFile = join(folder, "page.json");
    await writeFile(keyFile, JSON.stringify(key.publicJwk));
    desk = deskOf(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const deskOf = (run: string | undefined) =>
    new UpgradeDesk({
      uploads: new UploadFile(folder),
      door: new UnitUpgradeDoor({ folder: run, keyFile, progressFile, takenWithinMs: 300 }),
      crypto: { sha256, verify: verifier.verify.bind(verifier) },
      version: "1.2.10",
      architecture: "arm64",
    });

  async function* chunks(bytes: Uint8Array = FILE) {
    yield bytes.subarray(0, 1000);
    yield bytes.subarray(1000);
  }
  const upload = (bytes = FILE) => desk.upload(chunks(bytes), bytes.length);
  const signed = (claims: Partial<PackageClaims> = {}, signer = key) =>
    makePackageSignature(
      {
        sha256: createHash("sha256").update(FILE).digest("base64url"),
        package: "kms-box",
        version: "1.2.11",
        architecture: "arm64",
        iat: 100,
        ...claims,
      },
      key.thumbprint,
      (data) => signer.sign(data),
    );
  /** As root's side does it. */
  async function taken(): Promise<string> {
    const wish = join(folder, "upgrade");
    while (
      await access(wish).then(
        () => false,
        () => true,
      )
    )
      await sleep(10);
    const text = await readFile(wish, "utf8");
    await rm(wish);
    return text;
  }
  const nothingAsked = async () => assert.equal((await readdir(folder)).includes("upgrade"), false);

  it("keeps a package for its own user alone, and hands over which it is, with the signature", async () => {
    const id = await upload();
    const path = join(folder, `upload.${id}.tmp`);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readFile(path), FILE);
    const signature = await signed();
    const [wish, claims] = await Promise.all([taken(), desk.install(id, `${signature}\n`, false)]);
    assert.equal(wish, `${id}\nnewer\n${signature}\n`);
    assert.equal(claims.version, "1.2.11");
  });

  it("refuses a package of which one byte is another", async () => {
    const bytes = Buffer.from(FILE);
    bytes[150_000] = 8;
    const id = await upload(bytes);
    await assert.rejects(desk.install(id, await signed(), false), { code: "package-not-trusted" });
    await nothingAsked();
  });

  it("refuses the signature of another key, and one for another package", async () => {
    const id = await upload();
    const byStranger = await signed({}, stranger);
    await assert.rejects(desk.install(id, byStranger, false), { code: "package-not-trusted" });
    const other = await signed({ package: "kms-client" as "kms-box" });
    await assert.rejects(desk.install(id, other, false), { code: "malformed-token" });
    await nothingAsked();
  });

  it("refuses another architecture", async () => {
    const id = await upload();
    const other = await signed({ architecture: "amd64" });
    await assert.rejects(desk.install(id, other, true), {
      code: "upgrade-refused",
      message: /for amd64, this machine is arm64/,
    });
  });

  it("goes back to an older version, or the same, only if that is asked for", async () => {
    const id = await upload();
    for (const version of ["1.2.9", "1.2.10", "0.9.99"]) {
      const older = await signed({ version });
      await assert.rejects(desk.install(id, older, false), {
        code: "upgrade-refused",
        message: /older: true/,
      });
      await nothingAsked();
      const [wish] = await Promise.all([taken(), desk.install(id, older, true)]);
      assert.equal(wish.split("\n")[1], "older");
    }
  });

  it("keeps nothing of an upload that breaks off, and takes none that is too large", async () => {
    await assert.rejects(desk.upload(chunks(), FILE.length + 1), { code: "upload-refused" });
    await assert.rejects(desk.upload(chunks(), LARGEST_PACKAGE_BYTES + 1), {
      code: "upload-refused",
      message: /at most 67108864/,
    });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith("upload.")),
      [],
    );
    await assert.rejects(desk.install("0".repeat(32), await signed(), false), {
      code: "upload-refused",
    });
  });

  it("says what to do where root has put no key, or one that cannot be used", async () => {
    const id = await upload();
    const signature = await signed();
    for (const change of [() => writeFile(keyFile, "{}"), () => rm(keyFile)]) {
      await change();
      const refused = { code: "upgrade-not-set-up", message: /as root/ };
      await assert.rejects(upload(), refused);
      await assert.rejects(desk.install(id, signature, false), refused);
      assert.equal(await desk.standing(), "no-key");
    }
  });

  it("forgets what nobody takes, and says how to go on by hand", async () => {
    const id = await upload();
    await assert.rejects(desk.install(id, await signed(), false), {
      code: "upgrade-refused",
      message: /start kms-box-page-upgrade\.path/,
    });
    await nothingAsked();
  });

  it("takes none where it does not run as the service, as nobody could install it", async () => {
    const id = await upload();
    assert.equal(await desk.standing(), "open");
    desk = deskOf(undefined);
    assert.equal(await desk.standing(), "no-service");
    const refused = { code: "upgrade-not-set-up", message: /start the other version/ };
    await assert.rejects(upload(), refused);
    await assert.rejects(desk.install(id, await signed(), false), refused);
  });

  it("tells how far root's side is, if that can be read", async () => {
    assert.equal(await desk.progress(), null);
    await writeFile(progressFile, '{"state":"dreaming","version":"","reason":"","at":""}');
    assert.equal(await desk.progress(), null);
    const told = { state: "refused", version: "1.2.9", reason: "it is not newer", at: "2026" };
    await writeFile(progressFile, JSON.stringify(told));
    assert.deepEqual(await desk.progress(), told);
  });
});
