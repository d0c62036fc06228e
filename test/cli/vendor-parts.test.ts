import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseProduct } from "../../src/cli/vendor/product-option.ts";
import { createVendor, openVendor } from "../../src/cli/vendor/vendor-folder.ts";
import { temporaryFolder } from "../support/box-process.ts";

describe("the --product option", () => {
  it("takes a name with commas, and 25 where no threshold is given", () => {
    assert.deepEqual(parseProduct("id=a,name=A, b, and c,application=x"), {
      id: "a",
      name: "A, b, and c",
      application: "x",
      threshold: 25,
    });
  });

  it("takes the members in any order", () => {
    const { id, threshold } = parseProduct("threshold=5,application=x,name=A,id=a:1");
    assert.deepEqual([id, threshold], ["a:1", 5]);
  });

  for (const [text, why] of [
    ["id=a,name=A", /application must be given/],
    ["name=,application=x", /id and name must be given/],
    ["id=a,id=b,name=A,application=x", /id stands there twice/],
    ["id=a,colour=red", /application must be given/],
    ["colour=red", /"colour=red" is none of/],
    ["id=a b,name=A,application=x", /product\.id/],
    ["id=a,name=A,application=x,threshold=0", /product\.threshold/],
    ["id=a,name=A,application=x,threshold=many", /threshold must be a whole number/],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(() => parseProduct(text), { code: "usage", message: why });
    });
  }
});

describe("a vendor's folder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives the vendor its own name where none was told", async () => {
    const dir = join(folder, "acme");
    assert.equal((await createVendor(dir)).name, "acme");
    await rm(join(dir, "vendor.json"));
    assert.equal((await openVendor(dir)).name, "acme");
    await writeFile(join(dir, "vendor.json"), "null");
    assert.equal((await openVendor(dir)).name, "acme");
  });

  it("takes no name that could not be shown", async () => {
    for (const name of ["", " ", "a\nb", "x".repeat(129)]) {
      await assert.rejects(createVendor(folder, name), { code: "usage" });
    }
  });

  it("says what stands in the way of writing and reading", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await assert.rejects(createVendor(file, "A"), {
      code: "file-not-accessible",
      message: /Cannot write to .*file: it is a file \(EEXIST\)/,
    });
    await assert.rejects(openVendor(file), { code: "file-not-accessible" });
  });

  it("names a damaged key instead of replacing it", async () => {
    await writeFile(join(folder, "vendor.jwk"), "{}");
    await assert.rejects(openVendor(folder), { code: "key-unreadable" });
  });
});
