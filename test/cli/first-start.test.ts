import assert from "node:assert/strict";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NodeEd25519Signer, parsePrivateJwk } from "../../src/platform/ed25519.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { productOf, VendorFixture } from "../support/licence-rig.ts";

interface Host {
  readonly host: string;
  readonly products: readonly { readonly id: string }[];
}

async function hostOf(box: BoxProcess): Promise<Host> {
  return (await fetch(`http://${box.address}/v1/host`)).json() as Promise<Host>;
}

describe("the first start of a box", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("makes it a key of its own, for its user only, which stays", async () => {
    const thumbprints: string[] = [];
    for (const data of ["a", "b", "a"].map((name) => join(folder, name))) {
      const box = await BoxProcess.start({ data });
      try {
        thumbprints.push((await hostOf(box)).host);
      } finally {
        await box.stop();
      }
      assert.equal((await stat(join(data, "host.jwk"))).mode & 0o777, 0o600);
    }
    const [first, other, again] = thumbprints;
    assert.notEqual(first, other);
    assert.equal(first, again);
  });

  it("installs the licence that setup left for it, once its clock is trusted", async () => {
    const data = join(folder, "data");
    await runProgram("kms-box", ["licence", "request", "--data", data]);
    const key = parsePrivateJwk(await readFile(join(data, "host.jwk"), "utf8"), "host.jwk");
    const vendor = await VendorFixture.create("Example Software");
    const licence = join(folder, "licence.jwt");
    await writeFile(licence, await vendor.licence(new NodeEd25519Signer(key), [productOf("cad")]));
    await mkdir(join(folder, "config.d"));
    await writeFile(
      join(folder, "config.d/50-setup.json"),
      JSON.stringify({ licence: { file: licence } }),
    );
    const config = join(folder, "config.json");
    await writeFile(config, JSON.stringify({ clock: { trust: "system" }, panel: false }));
    const box = await BoxProcess.start({ data, args: ["--config", config] });
    try {
      const { products } = await hostOf(box);
      assert.deepEqual(
        products.map(({ id }) => id),
        ["cad"],
      );
    } finally {
      assert.equal(await box.stop(), 0);
    }
  });
});
