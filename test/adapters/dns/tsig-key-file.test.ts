import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireReadable } from "../../../src/adapters/dns/keytab.ts";
import { checkTsigKeyFile } from "../../../src/adapters/dns/tsig-key-file.ts";

const key = (algorithm = "hmac-sha256") =>
  `key "kms-updater" {\n\talgorithm ${algorithm};\n\tsecret "c2VjcmV0c2VjcmV0c2VjcmV0";\n};\n`;

describe("a key file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-key-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function check(text: string, mode = 0o600): Promise<string> {
    const path = join(folder, "office.key");
    await writeFile(path, text);
    await chmod(path, mode);
    return checkTsigKeyFile(path);
  }

  it("is one as tsig-keygen writes it, of a strong algorithm", async () => {
    for (const algorithm of ["hmac-sha256", "hmac-sha384", "HMAC-SHA512", "hmac-sha256."]) {
      assert.equal(await check(key(algorithm)), "kms-updater");
    }
    assert.equal(await check(`// of the office\n# and\n/* more */ ${key()}`, 0o640), "kms-updater");
  });

  it("is refused with a weak algorithm", async () => {
    for (const algorithm of ["hmac-md5", "hmac-sha1", "hmac-sha224", "none"]) {
      await assert.rejects(check(key(algorithm)), { code: "key-unusable", message: /too weak/ });
    }
  });

  it("is refused if everybody can read it, saying how to mend that", async () => {
    await assert.rejects(check(key(), 0o644), { code: "key-unusable", message: /chmod o= / });
  });

  it("is refused if it is no key, without telling what is in it", async () => {
    for (const text of ["", "garbage", `${key()}${key()}`, key().replace("secret", "geheim")]) {
      await assert.rejects(check(text), (error: { code: string; message: string }) => {
        assert.equal(error.code, "key-unusable");
        assert.match(error.message, /tsig-keygen/);
        assert.ok(!error.message.includes("c2VjcmV0"));
        return true;
      });
    }
  });

  it("may have what looks like a comment in its secret", async () => {
    const text = (secret: string) => `key "k" { algorithm "hmac-sha256"; secret "${secret}"; };`;
    for (const secret of ["AB//Ei+0LkN6TpfHLtWcUuMbiRH6UbKkYjoUCkQnMRE=", "AA//BB//CC//DDDD"]) {
      assert.equal(await check(text(secret)), "k");
      assert.equal(await check(`# "1\n${text(secret)} // "2" // 3\n/* " */`), "k");
    }
  });

  it("is missed if it is not there", async () => {
    await assert.rejects(checkTsigKeyFile(join(folder, "none.key")), {
      code: "key-unusable",
      message: /^There is no key file .*none\.key: put it there, or correct dns\.domains\.$/,
    });
  });

  it("is told at once from a pipe, a device, a folder and what is too long, for a keytab too", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const long = join(folder, "long");
    await writeFile(long, "#".repeat(100_000), { mode: 0o600 });
    for (const [path, message] of [
      [pipe, /is no file: name the k\S+ ?\S* itself in dns\.domains\.$/],
      ["/dev/zero", /is no file: name/],
      [folder, /is a folder: name/],
      [long, /is too long for a k.*: name the right one/],
    ] as const) {
      await assert.rejects(checkTsigKeyFile(path), { code: "key-unusable", message });
      await assert.rejects(requireReadable(path), { code: "key-unusable", message });
    }
  });
});
