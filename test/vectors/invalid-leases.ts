import type { LeaseClaims } from "../../src/domain/claims.ts";
import { makeJws } from "../../src/protocol/jws.ts";
import { type DistrustReason, LEASE_TYP, makeLease } from "../../src/protocol/lease.ts";
import { makeLicence } from "../../src/protocol/licence.ts";
import {
  host,
  LEASE,
  LICENCE,
  leaseToken,
  licenceToken,
  NOW,
  stranger,
  VALIDITY,
  vendor,
} from "./subjects.ts";

/** Answers with one fault each. */
export async function invalidLeases() {
  const [lease, licence] = [await leaseToken(), await licenceToken()];
  const answer = (
    name: string,
    reason: DistrustReason,
    tokens: { lease?: string; licence?: string },
  ) => ({
    name,
    reason,
    lease,
    licence,
    ...tokens,
  });
  const sign = (data: Uint8Array) => host.sign(data);
  const header = { typ: LEASE_TYP, alg: "Ed25519", kid: host.thumbprint };
  const leaseWith = (claims: Partial<LeaseClaims>) => makeLease({ ...LEASE, ...claims }, sign);
  return [
    answer("signed by another host", "lease-signature", {
      lease: await makeLease(LEASE, (data) => stranger.sign(data)),
    }),
    answer("of a host that the licence does not name", "host-not-licensed", {
      lease: await makeLease({ ...LEASE, iss: stranger.thumbprint }, (data) => stranger.sign(data)),
    }),
    answer("with the licence of another vendor", "vendor-not-trusted", {
      licence: await makeLicence(LICENCE, stranger, (data) => stranger.sign(data)),
    }),
    answer("with a licence that another key signed", "licence-malformed", {
      licence: await makeLicence(LICENCE, vendor, (data) => stranger.sign(data)),
    }),
    answer("with a licence in the lease's place", "lease-malformed", { lease: licence }),
    answer("with alg none", "lease-malformed", {
      lease: await makeJws({ ...header, alg: "none" }, LEASE, sign),
    }),
    answer("with another key's name in the header", "lease-malformed", {
      lease: await makeJws({ ...header, kid: stranger.thumbprint }, LEASE, sign),
    }),
    answer("issued before the licence began", "licence-not-valid", {
      lease: await leaseWith({ iat: LICENCE.nbf - 1 }),
    }),
    answer("issued when the licence had ended", "licence-not-valid", {
      lease: await leaseWith({ iat: LICENCE.exp, exp: LICENCE.exp + VALIDITY }),
    }),
    answer("that ends when it begins", "lease-time", { lease: await leaseWith({ exp: NOW }) }),
    answer("for a product that the licence does not cover", "product-not-licensed", {
      lease: await leaseWith({ product: "writer-6" }),
    }),
    answer("for another client", "wrong-client", {
      lease: await leaseWith({ sub: stranger.cmid, cnf: { jkt: stranger.thumbprint } }),
    }),
    answer("for another client's key", "wrong-client", {
      lease: await leaseWith({ cnf: { jkt: stranger.thumbprint } }),
    }),
    answer("to another request", "wrong-nonce", {
      lease: await leaseWith({ nonce: "b".repeat(22) }),
    }),
  ];
}
