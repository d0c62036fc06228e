import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { decrypted, encrypted, isRecipient } from "../../../src/adapters/backup/age.ts";
import { requireAbsent, writeBackupFile } from "../../../src/adapters/backup/backup-file.ts";
import { inPieces, joined } from "../../support/backup-rig.ts";

const PASSPHRASE = "correct horse battery staple";
/** Several of age's chunks of 64 KiB. */
const PLAIN = Buffer.alloc(200_000, "a line of the state\n");

describe("an encrypted backup", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-age-"));
    path = join(folder, "backup.age");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (lock: Parameters<typeof encrypted>[1], replace = false) =>
    writeBackupFile(path, await encrypted(inPieces(PLAIN, 10_000), lock), { replace });
  const read = async (key: Parameters<typeof decrypted>[1]) => joined(await decrypted(path, key));

  it("is opened with its passphrase and no other, for its owner only", async () => {
    const bytes = await write({ passphrase: PASSPHRASE });
    const found = await stat(path);
    assert.deepEqual([found.size, found.mode & 0o777], [bytes, 0o600]);
    assert.ok(!(await readFile(path)).includes("a line of"));
    assert.ok((await read({ passphrase: PASSPHRASE })).equals(PLAIN));
    await assert.rejects(read({ passphrase: "correct horse battery" }), {
      code: "wrong-passphrase",
      message: /The passphrase is not the one .* Nothing was changed\./,
    });
    await assert.rejects(read({ identity: await generateX25519Identity() }), {
      code: "wrong-passphrase",
      message: /encrypted with a passphrase: leave --identity out/,
    });
  });

  it("is opened with the identity that it is encrypted to", async () => {
    const identity = await generateX25519Identity();
    await write({ recipient: await identityToRecipient(identity) });
    assert.ok((await read({ identity })).equals(PLAIN));
    await assert.rejects(read({ identity: await generateX25519Identity() }), {
      code: "wrong-passphrase",
    });
    await assert.rejects(read({ passphrase: PASSPHRASE }), { message: /--identity FILE/ });
    assert.equal(await isRecipient("age1nothing"), false);
  });

  it("is refused at once where its passphrase would take too much memory", async () => {
    const salt = "A".repeat(22);
    for (const factor of ["19", "20", "30", "99999999999999999999"]) {
      const stanza = `-> scrypt ${salt} ${factor}\n${"B".repeat(43)}\n`;
      await writeFile(path, `age-encryption.org/v1\n${stanza}--- ${"C".repeat(43)}\n`);
      const begunMs = performance.now();
      await assert.rejects(read({ passphrase: PASSPHRASE }), {
        code: "backup-damaged",
        message: /work factor .*at most 18\)\. Encrypt it anew/,
      });
      assert.ok(performance.now() - begunMs < 200, factor);
    }
  });

  it("is refused where its header has no end, without reading all of it", async () => {
    await writeFile(path, `age-encryption.org/v1\n-> X25519 ${"A".repeat(1 << 20)}`);
    await truncate(path, 2 ** 30);
    const before = process.memoryUsage().rss;
    await assert.rejects(read({ identity: await generateX25519Identity() }), {
      code: "backup-damaged",
      message: /its header has no end/,
    });
    assert.ok(process.memoryUsage().rss - before < 64 << 20);
  });

  it("is refused where it is cut or changed", async () => {
    const identity = await generateX25519Identity();
    const bytes = await write({ recipient: await identityToRecipient(identity) });
    const whole = await readFile(path);
    for (const at of [100, 150, 250, 70_000, bytes - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(path, changed);
      await assert.rejects(read({ identity }), { message: /./ }, `changed at ${at}`);
      await writeFile(path, whole);
      await truncate(path, at);
      await assert.rejects(read({ identity }), { code: "backup-damaged" }, `cut at ${at}`);
    }
  });

  it("is told from what is something else", async () => {
    for (const [content, message] of [
      ["hello", /no file of age/],
      ["", /no file of age/],
      ["-----BEGIN AGE ENCRYPTED FILE-----\n", /text form/],
    ] as const) {
      await writeFile(path, content);
      await assert.rejects(read({ passphrase: PASSPHRASE }), { code: "backup-damaged", message });
    }
  });

  it("does not replace a file unless it is told to", async () => {
    await writeFile(path, "mine");
    await assert.rejects(requireAbsent(path), { code: "file-exists", message: /--force/ });
    await assert.rejects(write({ passphrase: PASSPHRASE }), { code: "file-exists" });
    assert.equal(await readFile(path, "utf8"), "mine");
    await write({ passphrase: PASSPHRASE }, true);
    assert.deepEqual(await readdir(folder), ["backup.age"]);
    assert.ok((await stat(path)).size > PLAIN.length);
  });

  it("leaves nothing if what it is made of breaks off", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield PLAIN;
      throw Object.assign(new Error("broke off"), { code: "told" });
    }
    const chunks = await encrypted(broken(), { passphrase: PASSPHRASE });
    await assert.rejects(writeBackupFile(path, chunks, { replace: false }), { code: "told" });
    assert.deepEqual(await readdir(folder), []);
  });
});
