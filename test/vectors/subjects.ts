import type { LeaseClaims, LicenceClaims, RequestClaims } from "../../src/domain/claims.ts";
import { makeLease } from "../../src/protocol/lease.ts";
import { makeLicence } from "../../src/protocol/licence.ts";
import { makeRequest } from "../../src/protocol/request.ts";
import { signerOf } from "../support/keys.ts";

/** Monday, 6 January 2025, 08:00 UTC, in seconds. */
export const NOW = 1_736_150_400;
const YEAR = 365 * 86_400;
export const VALIDITY = 180 * 86_400;

export const [vendor, host, client, stranger] = [
  signerOf("vector vendor"),
  signerOf("vector host"),
  signerOf("vector client"),
  signerOf("vector stranger"),
];

export const LICENCE: LicenceClaims = {
  iss: "Example Vendor",
  sub: host.thumbprint,
  cnf: { jwk: host.publicJwk },
  products: [{ id: "writer-5", name: "Writer 5", application: "office", threshold: 1 }],
  iat: NOW - 86_400,
  nbf: NOW - 86_400,
  exp: NOW - 86_400 + YEAR,
  jti: "bGljZW5jZS1vbmUtLS0tLS0",
};

export const REQUEST: RequestClaims = {
  sub: client.cmid,
  aud: "kms-host",
  product: "writer-5",
  iat: NOW,
  jti: "cmVxdWVzdC1vbmUtLS0tLS0",
  device: {
    hostname: "Empfang-Süd",
    fingerprint: "ZmluZ2VycHJpbnQtb2YtdGhlLWZpcnN0LW1hY2hpbmU",
    agent: "example-client/1.0",
  },
  status: "initial-grace",
  remainingMinutes: 43_200,
};

export const LEASE: LeaseClaims = {
  iss: host.thumbprint,
  sub: client.cmid,
  cnf: { jkt: client.thumbprint },
  product: "writer-5",
  iat: NOW,
  exp: NOW + VALIDITY,
  nonce: REQUEST.jti,
  count: 1,
  threshold: 1,
};

/** What the client knows itself and holds a lease against. */
export function expectation() {
  return {
    vendorThumbprint: vendor.thumbprint,
    cmid: client.cmid,
    clientThumbprint: client.thumbprint,
    product: "writer-5",
    nonce: REQUEST.jti,
  };
}

export function licenceToken(): Promise<string> {
  return makeLicence(LICENCE, vendor, (data) => vendor.sign(data));
}

export function leaseToken(): Promise<string> {
  return makeLease(LEASE, (data) => host.sign(data));
}

export function requestToken(): Promise<string> {
  return makeRequest(REQUEST, client.publicJwk, (data) => client.sign(data));
}

/** A token with what its parts say, for reading. */
export function shown(token: string) {
  const [header, claims] = token
    .split(".", 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
  return { token, header, claims };
}
