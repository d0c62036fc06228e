import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../../../src/adapters/keys/certificate-maker.ts";
import {
  type CertificatePair,
  WebCertificate,
} from "../../../src/adapters/keys/web-certificate.ts";
import { DAY_MS } from "../../../src/domain/units.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

const pem = (label: string, base64: string) =>
  `-----BEGIN ${label}-----\n${base64.match(/.{1,64}/g)?.join("\n")}\n-----END ${label}-----\n`;

/** Made by OpenSSL for this test, valid for a hundred years. */
const ED25519: CertificatePair = {
  certificate: pem(
    "CERTIFICATE",
    "MIIBPDCB76ADAgECAhQBFJz+jp6Z+VSZnlUujs6CiJfwOjAFBgMrZXAwEzERMA8GA1UEAwwIa21zLnRlc3Qw" +
      "IBcNMjYxMTIzMDQyMzU1WhgPMjEyNjEwMzAwNDIzNTVaMBMxETAPBgNVBAMMCGttcy50ZXN0MCowBQYDK2Vw" +
      "AyEAtlvepkCENVZqWnFjjHdX6OnqEaP7q7wxCuvrFTu8I46jUzBRMB0GA1UdDgQWBBQ3tdK9cITb5GCwTziz" +
      "HfKt+r7PKDAfBgNVHSMEGDAWgBQ3tdK9cITb5GCwTzizHfKt+r7PKDAPBgNVHRMBAf8EBTADAQH/MAUGAytl" +
      "cANBAHzCoVNf/87eRySAx7Hr6H2dTWaIo8u1wG2iDThspymPdnxh06jb3i2K6QQg8fTWldDI51l3XStr8HeW" +
      "lrdiUQM=",
  ),
  key: pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEILSgcVwzqIgDn6TP50dyd6OhK4hAUqmHY6Dgh7vZyAeg"),
};
const RSA_512: CertificatePair = {
  certificate: pem(
    "CERTIFICATE",
    "MIIBfzCCASmgAwIBAgIUbFIW5BPcnv+FYpsBCU4ILPeY7WAwDQYJKoZIhvcNAQELBQAwEzERMA8GA1UEAwwI" +
      "a21zLnRlc3QwIBcNMjYxMTIzMDQyMzU1WhgPMjEyNjEwMzAwNDIzNTVaMBMxETAPBgNVBAMMCGttcy50ZXN0" +
      "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAOJ2FrQM5UVa83KnWUFzcqty+B9PWDcII/wr1dVy6EoLkbyUYEyS" +
      "RlRckSXyZt1gJZQJUlUJNXTnrgTv9sRVxiMCAwEAAaNTMFEwHQYDVR0OBBYEFIVGw7yvUVg/dKJbz2liLSpN" +
      "mLEDMB8GA1UdIwQYMBaAFIVGw7yvUVg/dKJbz2liLSpNmLEDMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcN" +
      "AQELBQADQQBd2ElyqnfWzAhq8OTSbZT0vs9tEEeGSOnTRTPfYk2S8u5zfis+sxkI8cSzyC3ElxztE92nRgX2" +
      "a6HPzSeEKSPi",
  ),
  key: pem(
    "PRIVATE KEY",
    "MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEA4nYWtAzlRVrzcqdZQXNyq3L4H09YNwgj/CvV" +
      "1XLoSguRvJRgTJJGVFyRJfJm3WAllAlSVQk1dOeuBO/2xFXGIwIDAQABAkABRYh7GldvPEOBsU7e/zb1n3+l" +
      "LVzhcjpBgD2DJVIImGVUqeIlyt6CzVuaW3RuRVHkQ+JQc3awlvT/yq3IIAeBAiEA9qK53iOZij4+ieenyxCi" +
      "fBLtku1Q3qZ+xNAiTEI0LP8CIQDrD0UTFMk4JB8jRIMamW+i1iJNFcmh5k7DHsQ5QN8S3QIhAND49fWjQlAh" +
      "B0o/ryter93jB8srKw9METNfiwAEREMvAiEA32j+/PjHmy1xzuJiPVjSKxGdPmjT4KX1/Cv00nney50CIQCh" +
      "J3wIYb1XNdTx8pro8XrjvkJDx+EER7u1pdVXSJB37A==",
  ),
};

describe("a certificate that an administrator installs", function () {
  this.timeout(60_000);
  const nowMs = Date.now();
  let folder: string;
  let own: CertificatePair;
  let good: CertificatePair;
  let other: CertificatePair;
  let expired: CertificatePair;
  let early: CertificatePair;
  let used: CertificatePair[];
  let trusted: boolean;
  let web: WebCertificate;

  const make = (fromDays: number, toDays: number) =>
    makeCertificate({
      names: ["kms.test"],
      fromMs: nowMs + fromDays * DAY_MS,
      toMs: nowMs + toDays * DAY_MS,
    });
  before(async () => {
    own = await make(-1, 300);
    good = await make(-1, 300);
    other = await make(-1, 300);
    expired = await make(-30, -1);
    early = await make(2, 300);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-certificate-"));
    used = [];
    trusted = true;
    web = await WebCertificate.open({
      folder,
      names: () => ["kms.test"],
      time: () => ({ trusted, nowMs }),
      timers: { after: () => () => undefined, every: () => () => undefined } as never,
      events: new RecordedEvents(),
      make: async () => own,
    });
    web.start((pair) => used.push(pair));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const kept = async () => ({
    certificate: await readFile(join(folder, "web.crt"), "utf8"),
    key: await readFile(join(folder, "web.key"), "utf8"),
  });

  it("is refused with what is wrong and what to do, and the old one stays in use", async () => {
    const der = new X509Certificate(good.certificate).raw;
    const bad: [name: string, pair: CertificatePair, says: RegExp][] = [
      ["another's key", { ...good, key: other.key }, /not that of the certificate/],
      ["expired", expired, /ended at .* renewed/],
      ["early", early, /begins at .* Install it then/],
      ["1 MB", { ...good, certificate: "x".repeat(1 << 20) }, /larger than any/],
      ["1 MB key", { ...good, key: "x".repeat(1 << 20) }, /larger than any/],
      ["RSA 512", RSA_512, /too short/],
      ["Ed25519", ED25519, /Browsers do not take .* P-256/],
      [
        "the chain first",
        { ...good, certificate: `${other.certificate}\n${good.certificate}` },
        /not that/,
      ],
      ["DER", { ...good, certificate: der.toString("latin1") }, /give it as PEM/],
      ["base64 of DER", { ...good, certificate: der.toString("base64") }, /give it as PEM/],
      ["nothing", { certificate: "", key: "" }, /cannot be read/],
      ["no key", { ...good, key: good.certificate }, /The key cannot be read/],
      [
        "a key in it",
        { ...good, certificate: `${good.certificate}\n${good.key}` },
        /as the key alone/,
      ],
      ["a cut one", { ...good, certificate: good.certificate.slice(0, 300) }, /give it as PEM/],
    ];
    const { fingerprint } = web.facts;
    for (const [name, { certificate, key }, message] of bad) {
      const refused = { code: "certificate-unfit", message };
      await assert.rejects(web.install(certificate, key), refused, name);
      assert.equal(web.facts.fingerprint, fingerprint, name);
      assert.deepEqual([await kept(), used, web.pair], [own, [], own], name);
    }
  });

  it("may bring ninety above it, and end where no clock tells", async () => {
    const { certificate, key } = good;
    await web.install(`${[certificate, ...Array(90).fill(other.certificate)].join("\n")}\n`, key);
    trusted = false;
    await web.install(expired.certificate, expired.key);
    assert.equal(used.length, 2);
  });

  it("is kept with its own key where two are installed at once", async () => {
    const both = [good, other];
    await Promise.all(both.map(({ certificate, key }) => web.install(certificate, key)));
    assert.deepEqual([await kept(), used, web.pair], [other, both, other]);
  });
});
