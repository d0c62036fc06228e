import type { Alert, AlertKind } from "../../domain/alerts/alert.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";
import { AlertFailedError, type AlertTarget } from "../../ports/alerts.ts";
import type { AlertingBox } from "./alert-json.ts";
import { mailText } from "./mail-text.ts";
import { readOwnFile, readSecretFile } from "./secret-file.ts";

/** Each step of the exchange. */
const STEP_MS = 10 * SECOND_MS;
const TIMEOUT_MS = 25 * SECOND_MS;
const CERTIFICATE = /certificate|self-signed|altname/i;

export interface MailSettings {
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  /** Empty without a login; so are the files without such. */
  readonly user: string;
  readonly passwordFile: string;
  readonly caFile: string;
  readonly from: string;
  readonly to: readonly string[];
}

export interface MailTargetParts {
  readonly settings: MailSettings;
  readonly box: () => AlertingBox;
  readonly timeoutMs?: number;
}

/** Sends what was told within a minute as one mail, by nodemailer, which is loaded when one is due. */
export class MailTarget implements AlertTarget {
  readonly id = "mail";
  readonly label: string;
  readonly kind = "mail";
  readonly gatherMs = MINUTE_MS;
  readonly mostAtOnce = 50;
  readonly #parts: MailTargetParts;

  constructor(parts: MailTargetParts) {
    this.#parts = parts;
    this.label = `mail by ${parts.settings.host}`;
  }

  wants(_kind: AlertKind): boolean {
    return true;
  }

  async send(alerts: readonly Alert[], signal: AbortSignal): Promise<string> {
    const { settings, box, timeoutMs = TIMEOUT_MS } = this.#parts;
    const { createTransport } = await import("nodemailer");
    const transport = createTransport(await this.#options());
    const [first] = alerts;
    const sent = transport.sendMail({
      from: settings.from,
      to: [...settings.to],
      ...mailText(alerts, box()),
      // The same if it is sent again, by which mail servers know it.
      messageId: `<${first?.id}@kms-box>`,
      headers: { "Auto-Submitted": "auto-generated" },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { accepted, rejected } = await Promise.race([sent, ending(signal, timeoutMs)]);
      const refused = rejected.length === 0 ? "" : `, refused for ${rejected.join(", ")}`;
      return `taken for ${accepted.join(", ")}${refused}`;
    } catch (error) {
      throw this.#failure(error);
    } finally {
      sent.catch(() => undefined);
      transport.close();
    }
  }

  async #options() {
    const { host, port, security, user, passwordFile, caFile } = this.#parts.settings;
    const ca = caFile === "" ? undefined : await readOwnFile(caFile, "alerts.mail.caFile");
    const pass =
      passwordFile === "" ? "" : await readSecretFile(passwordFile, "alerts.mail.passwordFile");
    return {
      host,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      ...(user !== "" && { auth: { user, pass } }),
      tls: { ...(ca !== undefined && { ca }), minVersion: "TLSv1.2" as const },
      connectionTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
      dnsTimeout: STEP_MS,
    };
  }

  #failure(error: unknown): AlertFailedError {
    if (error instanceof AlertFailedError) return error;
    const { host, port } = this.#parts.settings;
    const { code = "failed", responseCode, message } = error as SmtpError;
    const said = oneLine(message);
    if (CERTIFICATE.test(said)) {
      return new AlertFailedError(
        "certificate-wrong",
        `The certificate of ${host} is not to be trusted (${said}): name its authority's by alerts.mail.caFile.`,
        { cause: error },
      );
    }
    if (code === "EAUTH") return refused(`${host} refuses the login: check user and passwordFile.`);
    if (code === "EENVELOPE" || responseCode !== undefined) {
      return refused(`${host} does not take the mail: ${said}. Check from and to.`);
    }
    if (code === "ETLS") return refused(`${host} offers no TLS: check port and security.`);
    if (code === "ETIMEDOUT") return timedOut(host);
    return new AlertFailedError(
      "unreachable",
      `${host}, port ${port}, cannot be reached (${said}): check host, port and security.`,
      { cause: error },
    );
  }
}

type SmtpError = Error & { readonly code?: string; readonly responseCode?: number };

function refused(message: string): AlertFailedError {
  return new AlertFailedError("refused", message);
}

function timedOut(host: string): AlertFailedError {
  return new AlertFailedError("timeout", `${host} does not answer in time.`);
}

/** Rejects once the time is over, or the box stops. */
function ending(signal: AbortSignal, timeoutMs: number): Promise<never> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return new Promise((_resolve, reject) => {
    const end = () => reject(Object.assign(new Error("over"), { code: "ETIMEDOUT" }));
    if (over.aborted) end();
    over.addEventListener("abort", end, { once: true });
  });
}

/** Servers say what they like; it goes into the log. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replace(/\.$/, "").slice(0, 200);
}
