import type { AuditCheckAnswer, AuditPage } from "../../web/api/audit-schemas.ts";
import type { CertificateAnswer, CertificateInstall } from "../../web/api/certificate-schemas.ts";
import type { Forgotten } from "../../web/api/schemas.ts";
import type {
  NewTokenBody,
  TokenAnswer,
  TokenList,
  TokenMade,
} from "../../web/api/token-schemas.ts";
import type { AdminClient } from "./admin-client.ts";

/** The slowest machine takes some seconds for a certificate or a digest. */
const SLOW_MS = 60_000;

/** Asks a running box about who may administer it. */
export class AccessClient {
  readonly #box: Pick<AdminClient, "question" | "download">;

  constructor(box: Pick<AdminClient, "question" | "download">) {
    this.#box = box;
  }

  async setPassword(password: string): Promise<void> {
    await this.#box.question("POST", "/api/v1/password", { password }, SLOW_MS);
  }

  tokens(): Promise<TokenList> {
    return this.#box.question("GET", "/api/v1/tokens");
  }

  createToken(token: NewTokenBody): Promise<TokenMade> {
    return this.#box.question("POST", "/api/v1/tokens", token);
  }

  revokeToken(id: string): Promise<TokenAnswer> {
    return this.#box.question("DELETE", `/api/v1/tokens/${encodeURIComponent(id)}`);
  }

  certificate(): Promise<CertificateAnswer> {
    return this.#box.question("GET", "/api/v1/certificate");
  }

  installCertificate(pair: CertificateInstall): Promise<CertificateAnswer> {
    return this.#box.question("PUT", "/api/v1/certificate", pair);
  }

  renewCertificate(): Promise<CertificateAnswer> {
    return this.#box.question("POST", "/api/v1/certificate", undefined, SLOW_MS);
  }

  audit(limit: number): Promise<AuditPage> {
    return this.#box.question("GET", `/api/v1/audit?limit=${limit}`);
  }

  checkAudit(): Promise<AuditCheckAnswer> {
    return this.#box.question("GET", "/api/v1/audit/check", undefined, SLOW_MS);
  }

  /** JSON lines. */
  exportAudit(): Promise<AsyncIterable<Uint8Array>> {
    return this.#box.download("/api/v1/audit/export");
  }

  forget(cmid: string): Promise<Forgotten> {
    return this.#box.question("DELETE", `/api/v1/clients/${encodeURIComponent(cmid)}`);
  }
}
