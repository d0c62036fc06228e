import assert from "node:assert/strict";
import type { LeaseClaims, LicenceClaims } from "../../src/domain/claims.ts";
import { NodeEd25519Verifier, sha256 } from "../../src/platform/ed25519.ts";
import { makeJws } from "../../src/protocol/jws.ts";
import {
  type DistrustReason,
  LEASE_TYP,
  type LeaseExpectation,
  LeaseNotTrustedError,
  makeLease,
  trustLease,
} from "../../src/protocol/lease.ts";
import { makeLicence } from "../../src/protocol/licence.ts";
import { signerOf } from "../support/keys.ts";

const verifier = new NodeEd25519Verifier();
const crypto = { sha256, verify: verifier.verify.bind(verifier) };
const [vendor, host, client] = [signerOf("vendor"), signerOf("host"), signerOf("client")];
const LICENCE: LicenceClaims = {
  iss: "Example Vendor",
  sub: host.thumbprint,
  cnf: { jwk: host.publicJwk },
  products: [{ id: "writer", name: "Writer", application: "office", threshold: 1 }],
  iat: 100,
  nbf: 100,
  exp: 200,
  jti: "j".repeat(22),
};
const LEASE: LeaseClaims = {
  iss: host.thumbprint,
  sub: client.cmid,
  cnf: { jkt: client.thumbprint },
  product: "writer",
  iat: 150,
  exp: 1150,
  nonce: "n".repeat(22),
  count: 1,
  threshold: 1,
};
const EXPECTED: LeaseExpectation = {
  vendorThumbprint: vendor.thumbprint,
  cmid: client.cmid,
  clientThumbprint: client.thumbprint,
  product: "writer",
  nonce: LEASE.nonce,
};
const leaseOf = (claims: Partial<LeaseClaims> = {}, signer = host) =>
  makeLease({ ...LEASE, ...claims }, (data) => signer.sign(data));
const licenceOf = (claims: Partial<LicenceClaims> = {}, signer = vendor) =>
  makeLicence({ ...LICENCE, ...claims }, signer, (data) => signer.sign(data));

async function distrusted(
  reason: DistrustReason,
  tokens: { lease?: string; licence?: string },
  expected: Partial<LeaseExpectation> = {},
): Promise<void> {
  const both = { lease: await leaseOf(), licence: await licenceOf(), ...tokens };
  await assert.rejects(trustLease(both, { ...EXPECTED, ...expected }, crypto), (error: unknown) => {
    assert.ok(error instanceof LeaseNotTrustedError);
    assert.equal(error.code, "lease-not-trusted");
    assert.equal(error.reason, reason);
    return true;
  });
}

describe("a lease", () => {
  it("is trusted along the chain from the vendor's key to the client's", async () => {
    const tokens = { lease: await leaseOf(), licence: await licenceOf() };
    assert.deepEqual(await trustLease(tokens, EXPECTED, crypto), {
      lease: LEASE,
      licence: LICENCE,
    });
  });

  it("is trusted again later without the request that it answered", async () => {
    const tokens = { lease: await leaseOf(), licence: await licenceOf() };
    const { nonce: _, ...stored } = EXPECTED;
    assert.deepEqual((await trustLease(tokens, stored, crypto)).lease, LEASE);
  });

  it("is trusted with the algorithm's older name", async () => {
    const header = { typ: LEASE_TYP, alg: "EdDSA", kid: host.thumbprint };
    const lease = await makeJws(header, LEASE, (data) => host.sign(data));
    await trustLease({ lease, licence: await licenceOf() }, EXPECTED, crypto);
  });

  it("outlives its licence, which must have been valid when the lease was issued", async () => {
    const first = { lease: await leaseOf({ iat: 100 }), licence: await licenceOf() };
    await trustLease(first, EXPECTED, crypto);
    const last = { lease: await leaseOf({ iat: 199 }), licence: await licenceOf() };
    await trustLease(last, EXPECTED, crypto);
    await distrusted("licence-not-valid", { lease: await leaseOf({ iat: 99 }) });
    await distrusted("licence-not-valid", { lease: await leaseOf({ iat: 200 }) });
  });

  it("is not trusted if it, or its licence, is no such thing", async () => {
    await distrusted("lease-malformed", { lease: "x" });
    await distrusted("lease-malformed", { lease: await licenceOf() });
    await distrusted("lease-malformed", { lease: await leaseOf({ count: -1 }) });
    await distrusted("licence-malformed", { licence: "x" });
    await distrusted("licence-malformed", { licence: await leaseOf() });
    const tampered = `${(await licenceOf()).slice(0, -86)}${"A".repeat(86)}`;
    await distrusted("licence-malformed", { licence: tampered });
  });

  it("is not trusted if its header names another key than its host's", async () => {
    const header = { typ: LEASE_TYP, alg: "Ed25519", kid: client.thumbprint };
    const lease = await makeJws(header, LEASE, (data) => host.sign(data));
    await distrusted("lease-malformed", { lease });
  });

  it("is not trusted by another vendor's licence", async () => {
    await distrusted("vendor-not-trusted", { licence: await licenceOf({}, signerOf("other")) });
  });

  it("is not trusted from a host that the licence is not for", async () => {
    const other = signerOf("other host");
    const lease = await leaseOf({ iss: other.thumbprint }, other);
    await distrusted("host-not-licensed", { lease });
  });

  it("is not trusted if the host key did not sign it", async () => {
    await distrusted("lease-signature", { lease: await leaseOf({}, signerOf("other")) });
  });

  it("is not trusted for a product that the licence does not cover", async () => {
    const lease = await leaseOf({ product: "cad" });
    await distrusted("product-not-licensed", { lease }, { product: "cad" });
  });

  it("is not trusted if it ends before it begins", async () => {
    await distrusted("lease-time", { lease: await leaseOf({ exp: 150 }) });
  });

  it("is not trusted by another client, for another product, or for another request", async () => {
    await distrusted("wrong-client", { lease: await leaseOf({ sub: signerOf("b").cmid }) });
    const cnf = { jkt: signerOf("b").thumbprint };
    await distrusted("wrong-client", { lease: await leaseOf({ cnf }) });
    await distrusted("wrong-product", {}, { product: "calc" });
    await distrusted("wrong-nonce", {}, { nonce: "m".repeat(22) });
  });

  it("passes on what is no fault of the tokens", async () => {
    const tokens = { lease: await leaseOf(), licence: await licenceOf() };
    const broken = { ...crypto, verify: () => Promise.reject(new Error("no memory")) };
    await assert.rejects(trustLease(tokens, EXPECTED, broken), /no memory/);
  });
});
