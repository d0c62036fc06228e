import assert from "node:assert/strict";
import { makeCertificate } from "../../../src/adapters/keys/certificate-maker.ts";
import { checkCertificate } from "../../../src/adapters/keys/check-certificate.ts";

describe("what a certificate says", () => {
  it("has its names as they are, and its addresses as short as can be", async () => {
    const names = ["kms.office.example", "192.0.2.1", "fd00::1", "2001:db8:0:1::a:0", "::1"];
    const { certificate, key } = await makeCertificate({ names, fromMs: 0, toMs: 1e12 });
    assert.deepEqual(checkCertificate(certificate, key).names, names);
  }).timeout(20_000);
});
