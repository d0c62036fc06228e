import type { FastifyInstance } from "fastify";
import type { CertificateFacts, Certificates } from "../../ports/certificate.ts";
import { type AdminParts, NoCertificateError } from "./admin-parts.ts";
import {
  type CertificateInstall,
  CertificateInstallSchema,
  CertificateSchema,
} from "./certificate-schemas.ts";

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
