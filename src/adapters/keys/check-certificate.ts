import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { type CertificateFacts, CertificateUnfitError } from "../../ports/certificate.ts";
import { canonicalAddress } from "../dns/dns-record.ts";

const LARGEST_CHARACTERS = 64 * 1024;
const LEAST_RSA_BITS = 2048;
/** P-256, P-384 and P-521. */
const CURVES = new Set(["prime256v1", "secp384r1", "secp521r1"]);

/**
 * What a certificate says, if it and its key can be used together.
 *
 * @param certificate PEM, the own one first
 * @throws {CertificateUnfitError}
 */
export function checkCertificate(certificate: string, key: string): CertificateFacts {
  if (certificate.length > LARGEST_CHARACTERS || key.length > LARGEST_CHARACTERS) {
    throw new CertificateUnfitError("Certificate and key are larger than any that can be used.");
  }
  const own = reading("The certificate cannot be read: give it as PEM.", () => {
    return new X509Certificate(certificate);
  });
  const privateKey = reading("The key cannot be read: give it as PEM, not encrypted.", () => {
    return createPrivateKey(key);
  });
  if (!own.checkPrivateKey(privateKey)) {
    throw new CertificateUnfitError(
      "The key is not that of the certificate. Give those of one pair.",
    );
  }
  reading("TLS does not take this certificate, such as for too short a key.", () => {
    return createSecureContext({ cert: certificate, key });
  });
  return factsOf(own);
}

/**
 * Whether browsers can be met with it by who installs it: with what they refuse, nobody could come
 * back to install another.
 *
 * @param nowMs undefined where no clock tells
 * @throws {CertificateUnfitError}
 */
export function requireServable(certificate: string, key: string, nowMs: number | undefined): void {
  const { validFromMs, validToMs } = checkCertificate(certificate, key);
  if (certificate.includes("PRIVATE KEY")) {
    throw new CertificateUnfitError(
      "The certificate has a key with it. Give that as the key alone.",
    );
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey(key);
  if (type !== "rsa" && !CURVES.has(details?.namedCurve ?? "")) {
    throw new CertificateUnfitError(
      "Browsers do not take a key of that kind. Use RSA with 2048 bits, or ECDSA with P-256.",
    );
  }
  if (type === "rsa" && (details?.modulusLength ?? 0) < LEAST_RSA_BITS) {
    throw new CertificateUnfitError("The RSA key is too short. Use one with 2048 bits or more.");
  }
  if (nowMs === undefined) return;
  if (nowMs > validToMs) {
    throw new CertificateUnfitError(
      `The certificate ended at ${new Date(validToMs).toISOString()}. Have it renewed.`,
    );
  }
  if (nowMs < validFromMs) {
    throw new CertificateUnfitError(
      `The certificate begins at ${new Date(validFromMs).toISOString()} only. Install it then.`,
    );
  }
}

function reading<T>(fault: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CertificateUnfitError(fault, { cause });
  }
}

function factsOf(own: X509Certificate): CertificateFacts {
  return {
    fingerprint: own.fingerprint256,
    subject: oneLine(own.subject),
    issuer: oneLine(own.issuer),
    validFromMs: Date.parse(own.validFrom),
    validToMs: Date.parse(own.validTo),
    names: namesOf(own.subjectAltName ?? ""),
    // Not by checkIssued, which asks for the right to sign certificates, and this one has none.
    selfSigned: own.verify(own.publicKey),
  };
}

function oneLine(name: string): string {
  return name.replaceAll("\n", ", ");
}

/** Of `DNS:kms.local, IP Address:FD00:0:0:0:0:0:0:1`, whose addresses become as short as RFC 5952 has them. */
function namesOf(text: string): string[] {
  return (text === "" ? [] : text.split(", ")).map((entry) => {
    const name = entry.slice(entry.indexOf(":") + 1);
    return isIP(name) === 0 ? name : canonicalAddress(name);
  });
}
