import { type Static, Type } from "../../protocol/typebox.ts";

/** `GET /api/v1/certificate` */
export const CertificateSchema = Type.Object({
  fingerprint: Type.String({ description: "SHA-256, as the panel shows it" }),
  subject: Type.String(),
  issuer: Type.String(),
  validFrom: Type.String({ description: "ISO 8601" }),
  validTo: Type.String({ description: "ISO 8601" }),
  names: Type.Array(Type.String()),
  selfSigned: Type.Boolean(),
});
export type CertificateAnswer = Static<typeof CertificateSchema>;

/** `PUT /api/v1/certificate` */
export const CertificateInstallSchema = Type.Object(
  {
    certificate: Type.String({ maxLength: 64 * 1024, description: "PEM, the box's own first" }),
    key: Type.String({ maxLength: 64 * 1024, description: "PEM, not encrypted" }),
  },
  { additionalProperties: false },
);
export type CertificateInstall = Static<typeof CertificateInstallSchema>;
