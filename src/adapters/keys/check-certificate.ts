import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { type CertificateFacts, CertificateUnfitError } from "../../ports/certificate.ts";
import { canonicalAddress } from "../dns/dns-record.ts";

const LARGEST_CHARACTERS = 64 * 1024;

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
