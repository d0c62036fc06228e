import assert from "node:assert/strict";
import type { LicenceClaims } from "../../src/domain/claims.ts";
import { NodeEd25519Verifier, sha256 } from "../../src/platform/ed25519.ts";
import { makeJws } from "../../src/protocol/jws.ts";
import { LICENCE_TYP, makeLicence, openLicence } from "../../src/protocol/licence.ts";
import { MalformedTokenError } from "../../src/protocol/malformed-token.ts";
import { signerOf } from "../support/keys.ts";

const verifier = new NodeEd25519Verifier();
const crypto = { sha256, verify: verifier.verify.bind(verifier) };
const vendor = signerOf("vendor");
const host = signerOf("host");
const PRODUCT = { id: "writer", name: "Writer", application: "office", threshold: 25 };
const CLAIMS: LicenceClaims = {
  iss: "Example Vendor",
  sub: host.thumbprint,
  cnf: { jwk: host.publicJwk },
  products: [PRODUCT],
  iat: 100,
  nbf: 100,
  exp: 200,
  jti: "j".repeat(22),
};
const signed = (claims: Partial<LicenceClaims>, signer = vendor) =>
  makeLicence({ ...CLAIMS, ...claims }, vendor, (data) => signer.sign(data));

const refused = async (token: string, message: RegExp) => {
  await assert.rejects(openLicence(token, crypto), (error: unknown) => {
    assert.ok(error instanceof MalformedTokenError);
    assert.match(error.message, message);
    return true;
  });
};

describe("a licence", () => {
  it("is whole as its vendor made it, with the vendor's name and the token unchanged", async () => {
    const token = await signed({});
    assert.deepEqual(await openLicence(token, crypto), {
      token,
      vendorThumbprint: vendor.thumbprint,
      claims: CLAIMS,
    });
  });

  it("is refused if another key signed it", async () => {
    await refused(await signed({}, signerOf("other")), /signature is not the vendor's/);
  });

  it("is refused if it was changed", async () => {
    const [head, , tail] = (await signed({})).split(".");
    const [, body] = (await signed({ exp: 300 })).split(".");
    await refused(`${head}.${body}.${tail}`, /signature is not the vendor's/);
  });

  it("is refused if its names are not those of its keys", async () => {
    const other = signerOf("other");
    const header = {
      typ: LICENCE_TYP,
      alg: "Ed25519",
      kid: other.thumbprint,
      jwk: vendor.publicJwk,
    };
    const sign = (data: Uint8Array) => vendor.sign(data);
    await refused(await makeJws(header, CLAIMS, sign), /kid is not the thumbprint of its jwk/);
    await refused(await signed({ sub: other.thumbprint }), /sub is not the thumbprint of its cnf/);
  });

  it("is refused if it ends before it begins, or at once", async () => {
    await refused(await signed({ nbf: 201 }), /ends before it begins/);
    await refused(await signed({ nbf: 200 }), /ends before it begins/);
  });

  it("is refused if it names a product twice", async () => {
    await refused(await signed({ products: [PRODUCT, PRODUCT] }), /names a product twice/);
  });

  it("is refused with members outside of their range", async () => {
    const wrong: Partial<LicenceClaims>[] = [
      { products: [] },
      { products: Array.from({ length: 257 }, (_, n) => ({ ...PRODUCT, id: `p${n}` })) },
      { products: [{ ...PRODUCT, threshold: 0 }] },
      { products: [{ ...PRODUCT, threshold: 1_000_001 }] },
      { products: [{ ...PRODUCT, name: "" }] },
      { products: [{ ...PRODUCT, name: "a\nb" }] },
      { products: [{ ...PRODUCT, application: "a b" }] },
      { iss: "" },
      { iss: "x".repeat(129) },
      { iat: 1.5 },
      { jti: "short" },
    ];
    for (const claims of wrong) await refused(await signed(claims), /^payload/);
  });

  it("is refused if it holds a private key", async () => {
    const jwk = { ...host.publicJwk, d: "secret" };
    await refused(await signed({ cnf: { jwk } }), /^payload.cnf.jwk/);
  });
});
