import assert from "node:assert/strict";
import type { LicenceClaims } from "../../src/domain/claims.ts";
import {
  type InstalledLicence,
  LicenceBook,
  LicenceRefusedError,
  licenceValidity,
} from "../../src/domain/licence.ts";

const product = (id: string, application = "office", threshold = 25) => ({
  id,
  name: `The ${id}`,
  application,
  threshold,
});

/** A licence that is valid from second 100 to second 200, with any claims given. */
function licence(vendor: string, given: Partial<LicenceClaims> = {}): InstalledLicence {
  const claims: LicenceClaims = {
    iss: `Vendor ${vendor}`,
    sub: "host",
    cnf: { jwk: { kty: "OKP", crv: "Ed25519", x: "x" } },
    products: [product("writer")],
    iat: 100,
    nbf: 100,
    exp: 200,
    jti: "j",
    ...given,
  };
  return { token: `${vendor} ${JSON.stringify(given)}`, vendorThumbprint: vendor, claims };
}

describe("a licence's time", () => {
  const { claims } = licence("a");

  it("begins with its nbf and ends before its exp", () => {
    assert.equal(licenceValidity(claims, 99_999), "not-yet-valid");
    assert.equal(licenceValidity(claims, 100_000), "valid");
    assert.equal(licenceValidity(claims, 199_999), "valid");
    assert.equal(licenceValidity(claims, 200_000), "expired");
  });
});

describe("the licence book", () => {
  it("covers nothing while it is empty", () => {
    const book = new LicenceBook([]);
    assert.equal(book.covering("writer", 150_000), undefined);
    assert.equal(book.names("writer"), false);
    assert.deepEqual(book.productsAt(150_000), []);
    assert.deepEqual(book.vendors, []);
  });

  it("covers a product only while the licence is valid, and names it always", () => {
    const book = new LicenceBook([licence("a")]);
    assert.equal(book.covering("writer", 150_000)?.product.id, "writer");
    assert.equal(book.covering("writer", 200_000), undefined);
    assert.equal(book.covering("reader", 150_000), undefined);
    assert.equal(book.names("writer"), true);
    assert.equal(book.names("reader"), false);
  });

  it("goes by the licence issued last where several cover a product", () => {
    const older = licence("a", { iat: 100, products: [product("writer", "office", 25)] });
    const newer = licence("a", { iat: 101, products: [product("writer", "office", 5)] });
    for (const order of [
      [older, newer],
      [newer, older],
    ]) {
      const covered = new LicenceBook(order).covering("writer", 150_000);
      assert.equal(covered?.product.threshold, 5);
      assert.equal(covered?.licence, newer);
    }
  });

  it("goes by an older licence while the newer one is not valid", () => {
    const older = licence("a", { exp: 300 });
    const book = new LicenceBook([older, licence("a", { iat: 101, nbf: 180, exp: 250 })]);
    assert.equal(book.covering("writer", 150_000)?.licence, older);
    assert.notEqual(book.covering("writer", 190_000)?.licence, older);
    assert.equal(book.covering("writer", 260_000)?.licence, older);
  });

  it("lists products in the order of their ids, each once", () => {
    const book = new LicenceBook([
      licence("a", { products: [product("writer"), product("calc")] }),
      licence("a", { iat: 101, products: [product("writer")] }),
      licence("b", { exp: 150, products: [product("server", "os")] }),
    ]);
    const ids = (nowMs: number) => book.productsAt(nowMs).map(({ id }) => id);
    assert.deepEqual(ids(140_000), ["calc", "server", "writer"]);
    assert.deepEqual(ids(160_000), ["calc", "writer"]);
    assert.deepEqual(book.vendors.toSorted(), ["a", "b"]);
  });

  it("holds the same token once", () => {
    const one = licence("a");
    assert.equal(new LicenceBook([one]).with(licence("a")).licences.length, 1);
    assert.equal(new LicenceBook([one]).with(licence("a", { iat: 101 })).licences.length, 2);
  });

  it("is not changed by adding to it", () => {
    const book = new LicenceBook([licence("a")]);
    book.with(licence("b", { products: [product("server", "os")] }));
    assert.equal(book.licences.length, 1);
    assert.equal(book.names("server"), false);
  });

  it("lets no vendor have another's product or application", () => {
    const book = new LicenceBook([licence("a")]);
    for (const products of [[product("writer", "b-office")], [product("b-writer", "office")]]) {
      assert.throws(
        () => book.with(licence("b", { products })),
        (error: unknown) => {
          assert.ok(error instanceof LicenceRefusedError);
          assert.equal(error.code, "licence-refused");
          assert.match(error.message, /already licensed by the vendor "Vendor a"/);
          return true;
        },
      );
    }
    book.with(licence("b", { products: [product("b-writer", "b-office")] }));
  });

  it("tells when other licences have taken a licence's place", () => {
    const old = licence("a", { exp: 200, products: [product("writer"), product("calc")] });
    const half = licence("a", { iat: 150, nbf: 150, exp: 400, products: [product("writer")] });
    const rest = licence("a", { iat: 151, nbf: 150, exp: 400, products: [product("calc")] });
    assert.equal(new LicenceBook([old]).isReplaced(old), false);
    assert.equal(new LicenceBook([old, half]).isReplaced(old), false);
    const book = new LicenceBook([old, half, rest]);
    assert.equal(book.isReplaced(old), true);
    assert.equal(book.isReplaced(half), false);
    assert.equal(book.isReplaced(rest), false);
  });

  it("takes no licence for replaced by one that begins after its end", () => {
    const old = licence("a", { exp: 200 });
    const late = licence("a", { iat: 150, nbf: 201, exp: 400 });
    assert.equal(new LicenceBook([old, late]).isReplaced(old), false);
  });
});
