import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDesk, requireOwner } from "../../src/cli/box/licence-desk.ts";
import type { LicenceClaims, PublicJwk } from "../../src/domain/claims.ts";
import { sha256 } from "../../src/platform/ed25519.ts";
import { keyNames } from "../../src/protocol/thumbprint.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { createHostKey, productOf, VendorFixture } from "../support/licence-rig.ts";

const DAY_SEC = 86_400;

describe("kms-box licence", () => {
  let folder: string;
  let acme: VendorFixture;

  before(async () => {
    folder = await temporaryFolder();
    acme = await VendorFixture.create("ACME");
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const licence = (data: string, command: string, ...args: string[]) =>
    runProgram("kms-box", ["licence", command, "--data", data, ...args]);

  async function hostOf(data: string) {
    const { stdout } = await licence(data, "request");
    return hostFrom(stdout);
  }

  describe("on a running box", () => {
    let box: BoxProcess;
    let host: ReturnType<typeof hostFrom>;

    before(async () => {
      box = await BoxProcess.start();
      host = await hostOf(box.data);
    });

    after(() => box.stop());

    it("says how to get a licence where there is none", async () => {
      const answer = await licence(box.data, "show");
      assert.equal(answer.status, 0);
      assert.match(answer.stdout, /No licence is installed.*kms-box licence request/s);
    });

    it("takes the vendor's licence all the way to an activated client", async () => {
      const keys = join(folder, "vendor");
      const jwk = join(folder, "host.jwk");
      const file = join(folder, "acme.licence");
      await writeFile(jwk, JSON.stringify(host.publicJwk));
      await runProgram("kms-vendor", ["init", "--dir", keys, "--name", "ACME Software"]);
      const product = "id=acme-cad,name=ACME CAD,application=acme,threshold=1";
      const issued = await runProgram("kms-vendor", [
        ...["licence", "issue", "--dir", keys, "--host-key", jwk, "--out", file],
        ...["--product", product, "--days", "30"],
      ]);
      assert.equal(issued.status, 0, issued.stderr);
      const installed = await licence(box.data, "install", file);
      assert.equal(installed.status, 0, installed.stderr);
      assert.match(installed.stdout, /Installed the licence of "ACME Software"/);
      assert.match(installed.stdout, /trusted from now on, on first use/);
      const pinned = JSON.parse(await readFile(join(keys, "vendor.pub.jwk"), "utf8"));
      assert.ok(installed.stdout.includes(pinned.kid));

      const activated = await runProgram("kms-client", [
        ...["activate", "--product", "acme-cad", "--host", box.address, "--json"],
        ...["--vendor-key", join(keys, "vendor.pub.jwk"), "--state", join(folder, "client")],
      ]);
      assert.equal(activated.status, 0, activated.stderr);
      assert.equal(activated.json().vendor, "ACME Software");
    });

    it("shows what is installed", async () => {
      const { status, stdout } = await licence(box.data, "show");
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Host key +${host.thumbprint}\n`));
      assert.match(stdout, /Vendor +ACME Software\n/);
      assert.match(stdout, /acme-cad +ACME CAD +acme +1\n/);
    });

    const nowSec = Math.floor(Date.now() / 1000);
    const times: [string, Partial<LicenceClaims>, RegExp][] = [
      ["expired", { exp: nowSec - 1 }, /The licence expired on/],
      ["not yet valid", { nbf: nowSec + DAY_SEC }, /not valid before/],
    ];
    for (const [what, claims, why] of times) {
      it(`refuses a licence that is ${what}, and ends with 1`, async () => {
        await refuses(await acme.licence(host, [productOf("x")], claims), why);
      });
    }

    it("refuses a licence for another host", async () => {
      const other = await createHostKey();
      await refuses(await acme.licence(other, [productOf("x")]), /is for another host/);
    });

    it("refuses a damaged licence", async () => {
      const token = await acme.licence(host, [productOf("x")]);
      await refuses(token.slice(0, -9), /The licence is damaged/);
    });

    it("refuses a second vendor, and takes it with --add-vendor", async () => {
      const token = await acme.licence(host, [productOf("x")]);
      await refuses(token, /install it with --add-vendor/, "vendor-unknown");
      const added = await runProgram(
        "kms-box",
        ["licence", "install", "-", "--add-vendor", "--data", box.data, "--json"],
        { input: token },
      );
      assert.equal(added.status, 0, added.stderr);
      const { trust, vendor, validity } = added.json();
      assert.deepEqual([trust, vendor, validity], ["added", "ACME", "valid"]);

      const file = join(folder, "again.licence");
      await writeFile(file, await acme.licence(host, [productOf("y")]));
      const known = await licence(box.data, "install", file);
      assert.equal(known.status, 0, known.stderr);
      assert.match(known.stdout, /This vendor was trusted before/);
    });

    async function refuses(token: string, why: RegExp, code = "licence-refused"): Promise<void> {
      const answer = await runProgram(
        "kms-box",
        ["licence", "install", "-", "--data", box.data, "--json"],
        { input: token },
      );
      assert.equal(answer.status, 1);
      const { error } = answer.json<{ error: { code: string; message: string } }>();
      assert.equal(error.code, code);
      assert.match(error.message, why);
    }
  });

  describe("on a stopped box", () => {
    const deskOf = (data: string, make = false) => openDesk({ data }, { make });

    it("makes a host key that only its owner can read, once", async () => {
      const data = join(folder, "stopped");
      const first = await licence(data, "request");
      assert.equal(first.status, 0, first.stderr);
      assert.equal((await stat(join(data, "host.jwk"))).mode & 0o777, 0o600);
      assert.deepEqual(Object.keys(first.json()), ["kty", "crv", "x"]);
      const desk = await deskOf(data);
      assert.deepEqual(await desk.request(), first.json());
      await desk.close();
    });

    it("installs, keeps and refuses as a running one does", async () => {
      const data = join(folder, "folder");
      const desk = await deskOf(data, true);
      const host = hostFrom(JSON.stringify(await desk.request()));
      assert.deepEqual(await desk.list(), { host: host.thumbprint, licences: [] });
      const token = await acme.licence(host, [productOf("a")]);
      assert.equal((await desk.install(token, false)).vendor, "ACME");
      await desk.close();

      const again = await deskOf(data);
      assert.equal((await again.list()).licences.length, 1);
      const second = await (await VendorFixture.create("Second")).licence(host, [productOf("b")]);
      await assert.rejects(again.install(second, false), { code: "vendor-unknown" });
      assert.equal((await again.install(second, true)).vendor, "Second");
      await again.close();
    });

    it("makes no folder where it was only to look", async () => {
      const data = join(folder, "none");
      const answer = await licence(data, "show");
      assert.equal(answer.status, 1);
      assert.match(answer.stderr, /^Error: There is no state folder .*--data DIR/);
      assert.equal(existsSync(data), false);
    });

    it("says so when the folder is a file", async () => {
      const data = join(folder, "file");
      await writeFile(data, "");
      await assert.rejects(deskOf(data), { code: "start-failed", message: /--data/ });
    });

    it("writes nothing as root that the box's own user could not read", () => {
      assert.throws(() => requireOwner("/data", 1000, 0), {
        code: "folder-owner",
        message: /sudo -u '#1000' kms-box/,
      });
      for (const [owner, user] of [
        [1000, 1000],
        [0, 0],
        [1000, undefined],
      ] as const) {
        assert.doesNotThrow(() => requireOwner("/data", owner, user));
      }
    });

    it("leaves the folder of a box that is just starting alone", async () => {
      const data = join(folder, "held");
      const desk = await deskOf(data, true);
      await assert.rejects(deskOf(data), { code: "storage-locked" });
      await desk.close();
    });
  });
});

function hostFrom(text: string) {
  const publicJwk = JSON.parse(text) as PublicJwk;
  return { publicJwk, thumbprint: keyNames(publicJwk, sha256).thumbprint };
}
