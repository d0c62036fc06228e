import assert from "node:assert/strict";
import { NodeEd25519Verifier, sha256 } from "../../src/platform/ed25519.ts";
import { makeJws } from "../../src/protocol/jws.ts";
import {
  makePackageSignature,
  openPackageSignature,
  PACKAGE_TYP,
  type PackageClaims,
  requireDigest,
} from "../../src/protocol/package-signature.ts";
import { signerOf } from "../support/keys.ts";

const verifier = new NodeEd25519Verifier();
const crypto = { sha256, verify: verifier.verify.bind(verifier) };
const key = signerOf("vendor");
const stranger = signerOf("stranger");
const DIGEST = Buffer.alloc(32, 7).toString("base64url");
const CLAIMS: PackageClaims = {
  sha256: DIGEST,
  package: "kms-box",
  version: "1.2.3",
  architecture: "arm64",
  iat: 100,
};
const sign = (data: Uint8Array) => key.sign(data);
const open = (token: string) => openPackageSignature(token, key.publicJwk, crypto);
const says = (claims: object, header: object = {}) =>
  makeJws({ typ: PACKAGE_TYP, alg: "Ed25519", kid: key.thumbprint, ...header }, claims, sign);

describe("the signature of a package", () => {
  it("says what was signed", async () => {
    assert.deepEqual(await open(await makePackageSignature(CLAIMS, key.thumbprint, sign)), CLAIMS);
  });

  it("is not believed of another key, whatever name that takes", async () => {
    const byStranger = (kid: string) =>
      makePackageSignature(CLAIMS, kid, (data) => stranger.sign(data));
    for (const kid of [stranger.thumbprint, key.thumbprint]) {
      await assert.rejects(open(await byStranger(kid)), { code: "package-not-trusted" });
    }
  });

  it("is not believed once a claim was changed", async () => {
    const [head, , tail] = (await says(CLAIMS)).split(".");
    const other = { ...CLAIMS, version: "9.9.9" };
    const body = Buffer.from(JSON.stringify(other)).toString("base64url");
    await assert.rejects(open(`${head}.${body}.${tail}`), { code: "package-not-trusted" });
  });

  it("is of this package alone", async () => {
    for (const wrong of [
      { package: "kms-client" },
      { version: "1.2" },
      { version: "1.2.3-$(id)" },
      { architecture: "../arm64" },
      { sha256: "AAAA" },
      { iat: -1 },
    ]) {
      const token = await says({ ...CLAIMS, ...wrong });
      await assert.rejects(open(token), { code: "malformed-token" }, JSON.stringify(wrong));
    }
    const licence = await says(CLAIMS, { typ: "kms-licence+jwt" });
    await assert.rejects(open(licence), { code: "malformed-token" });
  });

  it("is for one file", () => {
    requireDigest(CLAIMS, DIGEST);
    const other = Buffer.alloc(32, 8).toString("base64url");
    assert.throws(() => requireDigest(CLAIMS, other), {
      code: "package-not-trusted",
      message: /another file than this one, of version 1\.2\.3 for arm64/,
    });
  });
});
