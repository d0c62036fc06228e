import { KmsError } from "../domain/errors.ts";

/** What a certificate says of itself, for a person who compares it. */
export interface CertificateFacts {
  /** SHA-256 of the certificate, as `AB:CD:…`. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFromMs: number;
  readonly validToMs: number;
  /** Names and addresses that it is for. */
  readonly names: readonly string[];
  readonly selfSigned: boolean;
}

/** What the administration proves itself with to a browser. */
export interface Certificates {
  readonly facts: CertificateFacts;
  /**
   * Takes another one into use, once it is durable; connections that are open stay.
   *
   * @param certificate PEM, the box's own first, then those above it
   * @param key PEM, not encrypted
   * @throws {CertificateUnfitError}
   */
  install(certificate: string, key: string): Promise<void>;
  /** Makes a new self-signed one and takes it into use. */
  renew(): Promise<void>;
}

/** The certificate or its key cannot be used; the message says why. */
export class CertificateUnfitError extends KmsError {
  readonly code = "certificate-unfit";
}
