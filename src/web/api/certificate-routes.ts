import type { FastifyInstance } from "fastify";
import type { CertificateFacts, Certificates } from "../../ports/certificate.ts";
import { type Static, Type } from "../../protocol/typebox.ts";
import { type AdminParts, NoCertificateError } from "./admin-parts.ts";

/** `GET /api/v1/certificate` */
const CertificateSchema = Type.Object({
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
const CertificateInstallSchema = Type.Object(
  {
    certificate: Type.String({ maxLength: 64 * 1024, description: "PEM, the box's own first" }),
    key: Type.String({ maxLength: 64 * 1024, description: "PEM, not encrypted" }),
  },
  { additionalProperties: false },
);
export type CertificateInstall = Static<typeof CertificateInstallSchema>;

/** What the administration proves itself with, and how that is replaced. */
export function addCertificateRoutes(app: FastifyInstance, find: AdminParts["certificates"]): void {
  const certificates = (): Certificates => {
    const found = find();
    if (found) return found;
    throw new NoCertificateError(
      "There is no certificate: the pages are turned off (--no-web, or web.enabled: false), or the " +
        "box makes it just now.",
    );
  };
  const schema = { response: { 200: CertificateSchema } };
  app.get("/api/v1/certificate", { config: { scope: "status" }, schema }, () =>
    certificateAnswer(certificates().facts),
  );
  app.put<{ Body: CertificateInstall }>(
    "/api/v1/certificate",
    {
      config: { scope: "administration", act: "install-certificate" },
      schema: { ...schema, body: CertificateInstallSchema },
    },
    async ({ body: { certificate, key } }) => {
      await certificates().install(certificate, key);
      return certificateAnswer(certificates().facts);
    },
  );
  app.post(
    "/api/v1/certificate",
    { config: { scope: "administration", act: "renew-certificate" }, schema },
    async () => {
      await certificates().renew();
      return certificateAnswer(certificates().facts);
    },
  );
}

function certificateAnswer({ validFromMs, validToMs, names, ...facts }: CertificateFacts) {
  return {
    ...facts,
    names: [...names],
    validFrom: new Date(validFromMs).toISOString(),
    validTo: new Date(validToMs).toISOString(),
  };
}
