import { KmsError } from "../../domain/errors.ts";
import type { Certificates } from "../../ports/certificate.ts";
import type { Administration } from "../../services/admin/administration.ts";
import type { ApiTokens } from "../../services/admin/tokens.ts";
import type { AuditLog } from "../../services/audit/audit-log.ts";
import type { Scope } from "./access.ts";

/** Who may administer the box, and what proves it to be the box. */
export interface AdminParts {
  readonly administration: Administration;
  readonly tokens: ApiTokens<Scope>;
  readonly audit: AuditLog;
  /** Undefined while the pages are turned off, or the certificate is being made. */
  readonly certificates: () => Certificates | undefined;
}

/** There is no certificate, as nothing is served over HTTPS. */
export class NoCertificateError extends KmsError {
  readonly code = "no-certificate";
}
