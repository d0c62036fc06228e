import assert from "node:assert/strict";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createVendor } from "../../src/cli/vendor/vendor-folder.ts";
import { runProgram, temporaryFolder } from "../support/box-process.ts";

const NAME = "kms-box_1.2.3_arm64.deb";

describe("kms-vendor package", function () {
  this.timeout(30_000);
  let folder: string;
  let file: string;
  let signature: string;
  const keyOf = (who: string, name: string) => join(folder, who, name);

  before(async () => {
    folder = await temporaryFolder();
    file = join(folder, NAME);
    signature = join(folder, "package.jws");
    for (const who of ["mine", "other"]) await createVendor(join(folder, who));
  });
  beforeEach(() => writeFile(file, Buffer.alloc(100_000, 1)));
  after(() => rm(folder, { recursive: true, force: true }));

  const sign = (path = file, key = keyOf("mine", "vendor.jwk")) =>
    runProgram("kms-vendor", [
      ...["package", "sign", path, "--key", key, "--out", signature, "--json"],
    ]);
  const verify = (key = keyOf("mine", "vendor.pub.jwk")) =>
    runProgram("kms-vendor", [
      ...["package", "verify", file, "--signature", signature, "--key", key, "--json"],
    ]);

  it("signs what the package is called and holds, and finds that again", async () => {
    const signed = await sign();
    assert.equal(signed.status, 0);
    const { claims } = signed.json<{ claims: Record<string, unknown> }>();
    assert.deepEqual(
      [claims.package, claims.version, claims.architecture],
      ["kms-box", "1.2.3", "arm64"],
    );
    const verified = await verify();
    assert.equal(verified.status, 0);
    assert.deepEqual(verified.json(), { signature: "valid", claims });
  });

  it("finds one byte that was changed, and a file that was cut", async () => {
    await sign();
    const bytes = await readFile(file);
    bytes[50_000] = 2;
    await writeFile(file, bytes);
    const changed = await verify();
    assert.equal(changed.status, 1);
    assert.match(changed.stdout + changed.stderr, /another file than this one/);
    await writeFile(file, Buffer.alloc(100_000, 1));
    await truncate(file, 99_999);
    assert.equal((await verify()).status, 1);
  });

  it("does not believe another key", async () => {
    await sign();
    const answer = await verify(keyOf("other", "vendor.pub.jwk"));
    assert.equal(answer.status, 1);
    assert.match(answer.stdout + answer.stderr, /package-not-trusted/);
  });

  it("signs nothing that a box would not take", async () => {
    const misnamed = join(folder, "box.deb");
    await writeFile(misnamed, "x");
    assert.equal((await sign(misnamed)).status, 2);
    await writeFile(file, "");
    assert.equal((await sign()).status, 2);
    await truncate(file, (64 << 20) + 1);
    assert.equal((await sign()).status, 2);
    await rm(file);
    assert.equal((await sign()).status, 1);
    assert.equal((await sign(file, keyOf("mine", "vendor.pub.jwk"))).status, 1);
  });
});
