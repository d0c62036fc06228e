import assert from "node:assert/strict";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type IssueFlags, issueLicence } from "../../src/cli/vendor/issue-licence.ts";
import { createVendor, openVendor } from "../../src/cli/vendor/vendor-folder.ts";
import { type Answer, runProgram, temporaryFolder } from "../support/box-process.ts";
import {
  createHostKey,
  type HostFixture,
  productOf,
  VendorFixture,
} from "../support/licence-rig.ts";

const PRODUCT = "id=acme-cad,name=ACME CAD, basic,application=acme,threshold=5";

describe("kms-vendor", () => {
  let folder: string;
  let keys: string;
  let host: HostFixture;

  before(async () => {
    folder = await temporaryFolder();
    keys = join(folder, "keys");
    host = await createHostKey();
    await createVendor(keys, "ACME Software");
    await writeFile(join(folder, "host.jwk"), JSON.stringify(host.publicJwk));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const issue = (...args: string[]) =>
    runProgram("kms-vendor", [
      ...["licence", "issue", "--dir", keys, "--host-key", join(folder, "host.jwk")],
      ...args,
    ]);

  it("makes a key that only its owner can read, and tells its thumbprint", async () => {
    const dir = join(folder, "made");
    const answer = await runProgram("kms-vendor", [
      "init",
      "--dir",
      dir,
      "--name",
      "Made",
      "--json",
    ]);
    assert.equal(answer.status, 0);
    const { name, thumbprint, privateKey, publicKey } = answer.json<Record<string, string>>();
    assert.equal(name, "Made");
    assert.equal((await stat(String(privateKey))).mode & 0o777, 0o600);
    const published = JSON.parse(await readFile(String(publicKey), "utf8"));
    assert.equal(published.kid, thumbprint);
    assert.equal("d" in published, false);
    assert.deepEqual((await openVendor(dir)).name, "Made");
  });

  it("never replaces a key", async () => {
    const before = await readFile(join(keys, "vendor.jwk"), "utf8");
    const answer = await runProgram("kms-vendor", ["init", "--dir", keys]);
    assert.equal(answer.status, 1);
    assert.match(answer.stderr, /^Error: .*vendor\.jwk exists and is kept/);
    assert.equal(await readFile(join(keys, "vendor.jwk"), "utf8"), before);
  });

  it("issues a licence that it then verifies and reads out", async () => {
    const out = join(folder, "acme.licence");
    const issued = await issue("--product", PRODUCT, "--days", "30", "--out", out, "--json");
    assert.equal(issued.status, 0, issued.stderr);
    const inspected = await runProgram("kms-vendor", ["licence", "inspect", "-", "--json"], {
      input: await readFile(out, "utf8"),
    });
    const { signature, validity, claims } = inspected.json<{
      signature: string;
      validity: string;
      claims: { iss: string; sub: string; products: unknown };
    }>();
    assert.deepEqual([signature, validity], ["valid", "valid"]);
    assert.deepEqual([claims.iss, claims.sub], ["ACME Software", host.thumbprint]);
    assert.deepEqual(claims.products, [
      { id: "acme-cad", name: "ACME CAD, basic", application: "acme", threshold: 5 },
    ]);
  });

  it("prints the licence alone on standard output, for the next program in a pipe", async () => {
    const issued = await runProgram(
      "kms-vendor",
      [
        ...["licence", "issue", "--dir", keys, "--host-key", "-", "--days", "1"],
        ...["--product", "id=a,name=A,application=a", "--name", "Another Name"],
      ],
      { input: JSON.stringify(host.publicJwk) },
    );
    assert.equal(issued.status, 0, issued.stderr);
    assert.match(issued.stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    assert.match(issued.stderr, /Licence of "Another Name"/);
    const file = join(folder, "another.licence");
    await writeFile(file, issued.stdout);
    const inspected = await runProgram("kms-vendor", ["licence", "inspect", file]);
    assert.match(inspected.stdout, /Signature +valid\n/);
    assert.match(inspected.stdout, /Vendor +Another Name\n/);
    assert.match(inspected.stdout, /Valid +yes, /);
    assert.match(inspected.stdout, /a +A +a +25\n/);
  });

  it("ends with 2 when it is used wrongly, with 1 when what it is given cannot be used", async () => {
    const licence = await (await VendorFixture.create("ACME")).licence(host, [productOf("a")]);
    const [head, , tail] = licence.split(".");
    const other = Buffer.from(JSON.stringify({ products: [] })).toString("base64url");
    const [usage, usageAsJson, missing, changed] = await Promise.all([
      runProgram("kms-vendor", ["licence", "issue"]),
      runProgram("kms-vendor", ["init", "--json"]),
      runProgram("kms-vendor", ["licence", "inspect", join(folder, "none")]),
      runProgram("kms-vendor", ["licence", "inspect", "-", "--json"], {
        input: `${head}.${other}.${tail}`,
      }),
    ]);
    assert.deepEqual([usage.status, usageAsJson.status], [2, 2]);
    assert.match(usage.stderr, /^Error: required option[^\n]*\n$/);
    assert.equal(codeOf(usageAsJson), "usage");
    assert.deepEqual([missing.status, changed.status], [1, 1]);
    assert.match(missing.stderr, /^Error: Cannot read .*there is no such file[^\n]*\n$/);
    assert.equal(codeOf(changed), "malformed-token");
  });

  it("signs nothing that a host would refuse", async () => {
    const right = { dir: keys, hostKey: join(folder, "host.jwk"), product: [PRODUCT], days: "1" };
    const wrong: [Partial<IssueFlags>, string, RegExp][] = [
      [{ days: "40000" }, "usage", /--days must be/],
      [{ from: "soon" }, "usage", /--from must be/],
      [{ name: "" }, "usage", /--name must be/],
      [{ product: [PRODUCT, PRODUCT] }, "usage", /"acme-cad" stands there twice/],
      [{ hostKey: join(keys, "vendor.jwk") }, "key-unreadable", /private key/],
      [{ hostKey: join(keys, "vendor.json") }, "key-unreadable", /is not an Ed25519 key/],
      [{ dir: folder }, "vendor-key-missing", /kms-vendor init/],
      [{ out: join(folder, "none", "x") }, "file-not-accessible", /Cannot write/],
    ];
    for (const [flags, code, message] of wrong) {
      await assert.rejects(issueLicence({ ...right, ...flags }), { code, message });
    }
  });
});

function codeOf(answer: Answer): string {
  return answer.json<{ error: { code: string } }>().error.code;
}
