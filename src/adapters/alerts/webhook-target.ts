import { createHash } from "node:crypto";
import type { Alert, AlertKind } from "../../domain/alerts/alert.ts";
import { SECOND_MS } from "../../domain/units.ts";
import { askByHttp, type HttpAnswer, type HttpOutcome } from "../../platform/http-question.ts";
import { AlertFailedError, type AlertTarget } from "../../ports/alerts.ts";
import { type AlertingBox, alertJson } from "./alert-json.ts";
import { readOwnFile, readSecretFile } from "./secret-file.ts";
import { webhookSignature } from "./webhook-signature.ts";

const TIMEOUT_MS = 10 * SECOND_MS;
/** What it says is not used; a receiver that says more is broken off. */
const MOST_BYTES = 64 * 1024;
/** The receiver is gone, or will never take this very message. */
const FOR_GOOD = [400, 410, 413, 422];
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|TLS_CERT_ALTNAME/;

export interface WebhookSettings {
  readonly url: string;
  readonly secretFile?: string;
  readonly caFile?: string;
  /** All if left out. */
  readonly kinds?: readonly AlertKind[];
}

export interface WebhookTargetParts {
  readonly settings: WebhookSettings;
  /** From 0 on. */
  readonly place: number;
  readonly box: () => AlertingBox;
  readonly nowMs: () => number;
  readonly timeoutMs?: number;
}

/** Posts one alert after the other to a URL, signed as Standard Webhooks has it. */
export class WebhookTarget implements AlertTarget {
  readonly id: string;
  readonly label: string;
  readonly kind = "webhook";
  readonly gatherMs = 0;
  readonly mostAtOnce = 1;
  readonly #parts: WebhookTargetParts;
  readonly #url: URL;

  constructor(parts: WebhookTargetParts) {
    this.#parts = parts;
    this.#url = new URL(parts.settings.url);
    // The URL itself may be what lets somebody post there: it goes into no log and no file.
    const digest = createHash("sha256").update(this.#url.href).digest("hex");
    this.id = `webhook:${digest.slice(0, 16)}`;
    this.label = `webhook ${parts.place + 1} (${this.#url.host})`;
  }

  wants(kind: AlertKind): boolean {
    return this.#parts.settings.kinds?.includes(kind) ?? true;
  }

  async send([alert]: readonly Alert[], signal: AbortSignal): Promise<string> {
    if (!alert) return "nothing";
    const body = alertJson(alert, this.#parts.box());
    const headers = {
      ...(await this.#headers(alert.id, body)),
      "content-type": "application/json",
    };
    const outcome = await askByHttp({
      ...this.#place(),
      ...(await this.#security()),
      method: "POST",
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
      body,
      timeoutMs: this.#parts.timeoutMs ?? TIMEOUT_MS,
      mostBytes: MOST_BYTES,
      signal,
    });
    return this.#judge(outcome);
  }

  #place() {
    const { protocol, hostname, port, pathname, search } = this.#url;
    return {
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
      path: `${pathname}${search}`,
    };
  }

  async #headers(id: string, body: string): Promise<Record<string, string>> {
    const timestamp = Math.floor(this.#parts.nowMs() / SECOND_MS);
    const plain = {
      host: this.#url.host,
      "user-agent": `kms-box/${this.#parts.box().version}`,
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
    };
    const { secretFile } = this.#parts.settings;
    if (secretFile === undefined) return plain;
    const secret = await readSecretFile(secretFile, "alerts.webhooks.secretFile");
    return { ...plain, "webhook-signature": webhookSignature(secret, { id, timestamp, body }) };
  }

  async #security() {
    if (this.#url.protocol !== "https:") return {};
    const { caFile } = this.#parts.settings;
    if (caFile === undefined) return { secure: {} };
    return { secure: { ca: await readOwnFile(caFile, "alerts.webhooks.caFile") } };
  }

  #judge(outcome: HttpOutcome): string {
    switch (outcome.kind) {
      case "answer":
        return this.#judgeAnswer(outcome);
      case "too-large":
        throw new AlertFailedError(
          "refused",
          `${this.#url.host} answers at a length that no receiver needs: check the URL.`,
        );
      case "timeout":
        throw new AlertFailedError("timeout", `${this.#url.host} does not answer in time.`);
      case "not-http":
        throw new AlertFailedError(
          "refused",
          `${this.#url.host} does not speak HTTP: check scheme and port of the URL.`,
        );
      case "unreachable":
        throw this.#unreachable(outcome.code);
    }
  }

  #judgeAnswer({ status }: HttpAnswer): string {
    const { host } = this.#url;
    if (status >= 200 && status < 300) return `status ${status}`;
    if (status >= 300 && status < 400) {
      throw new AlertFailedError(
        "redirected",
        `${host} points elsewhere (${status}), which is not followed: configure the final URL.`,
      );
    }
    if (FOR_GOOD.includes(status)) {
      throw new AlertFailedError(
        "refused-for-good",
        `${host} refuses it (${status}): check the URL, or remove it.`,
      );
    }
    throw new AlertFailedError(
      "refused",
      `${host} answers with ${status}: look into its log; check URL and secret.`,
    );
  }

  #unreachable(code: string): AlertFailedError {
    const { host } = this.#url;
    if (CERTIFICATE.test(code)) {
      return new AlertFailedError(
        "certificate-wrong",
        `The certificate of ${host} is not to be trusted (${code}): name its authority's by caFile, ` +
          "or have it renewed.",
      );
    }
    return new AlertFailedError(
      "unreachable",
      `${host} cannot be reached (${code}): check its name, and whether it runs.`,
    );
  }
}
