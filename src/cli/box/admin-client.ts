import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { adminSocketPath } from "../../adapters/system/socket-path.ts";
import type { PublicJwk } from "../../domain/claims.ts";
import type { Diagnosis } from "../../domain/doctor/summary.ts";
import { KmsError } from "../../domain/errors.ts";
import type { Range } from "../../domain/history/tiers.ts";
import type { TsigKey } from "../../ports/dns-keys.ts";
import type { BackupTold } from "../../services/backup-news.ts";
import type { AlertsAnswer, AlertsTest } from "../../web/api/alert-schemas.ts";
import type { ClockAnswer } from "../../web/api/clock-schemas.ts";
import type { DnsAnswer, DnsKeyChangeAnswer } from "../../web/api/dns-schemas.ts";
import type { HealthAnswer } from "../../web/api/health-schemas.ts";
import type { HistoryAnswer } from "../../web/api/history-schemas.ts";
import type {
  CalendarAnswer,
  ClonesAnswer,
  ExplainAnswer,
  ExplainQuery,
  ForecastAnswer,
  ForecastQuery,
} from "../../web/api/insight-schemas.ts";
import type {
  Accepted,
  ClientPage,
  ClientQuery,
  EventPage,
  EventQuery,
  Install,
  LicenceList,
  LicenceView,
  PanelAnswer,
  Status,
} from "../../web/api/schemas.ts";
import type { SettingsAnswer } from "../../web/api/settings-schemas.ts";
import type {
  AcceptedPackage,
  InstallPackage,
  UpgradeAnswer,
  UploadedPackage,
} from "../../web/api/upgrade-schemas.ts";

/** A box that is busy answers in far less; one that is stopped with a debugger never. */
const TIMEOUT_MS = 10_000;
/** The doctor's own limit is 15 s. */
const DOCTOR_TIMEOUT_MS = 20_000;
/** The programs that set the clock have 5 s each. */
const CLOCK_TIMEOUT_MS = 15_000;
/** The box's own limit is 25 s. */
const ALERTS_TEST_TIMEOUT_MS = 35_000;
/** The box's own limit is 10 s. */
const POWER_OFF_TIMEOUT_MS = 15_000;
/** A slow card, and systemd has 10 s to take it. */
const UPLOAD_TIMEOUT_MS = 60_000;
/** A million clients take half a minute on a Raspberry Pi. */
const BACKUP_TIMEOUT_MS = 600_000;
const GOOD_STATUSES = [200, 202];

/** Nobody listens for commands in that state folder. */
export class BoxNotRunningError extends KmsError {
  readonly code = "box-not-running";
}

/** A box runs there, but this user may not speak to it, or it does not answer. */
export class BoxNotAnsweringError extends KmsError {
  readonly code = "box-not-answering";
}

/** The box understood and said no; the code and the message are its own. */
export class BoxRefusedError extends KmsError {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A query of which any part may be left out. */
type Asked<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Speaks to a running box over the Unix socket of its state folder. */
export class AdminClient {
  readonly #folder: string;
  readonly #socketPath: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
    this.#socketPath = adminSocketPath(folder);
  }

  status(): Promise<Status> {
    return this.#ask("GET", "/api/v1/status");
  }

  clients(query: Asked<ClientQuery>): Promise<ClientPage> {
    return this.#ask("GET", `/api/v1/clients?${queryText(query)}`);
  }

  events(query: Asked<EventQuery>): Promise<EventPage> {
    return this.#ask("GET", `/api/v1/events?${queryText(query)}`);
  }

  history(range: Range): Promise<HistoryAnswer> {
    return this.#ask("GET", `/api/v1/history?${queryText({ range })}`);
  }

  licences(): Promise<LicenceList> {
    return this.#ask("GET", "/api/v1/licences");
  }

  licenceRequest(): Promise<PublicJwk> {
    return this.#ask("GET", "/api/v1/licences/request");
  }

  installLicence(install: Install): Promise<LicenceView> {
    return this.#ask("POST", "/api/v1/licences", install);
  }

  panel(): Promise<PanelAnswer> {
    return this.#ask("GET", "/api/v1/panel");
  }

  /** Lets the panel show a picture with a border for a while, or itself among other boxes. */
  async panelAct(what: "test-picture" | "identify"): Promise<void> {
    await this.#ask("POST", `/api/v1/panel/${what}`);
  }

  forecast(query: Asked<ForecastQuery>): Promise<ForecastAnswer> {
    return this.#ask("GET", `/api/v1/forecast?${queryText(query)}`);
  }

  explain(query: Asked<ExplainQuery>): Promise<ExplainAnswer> {
    return this.#ask("GET", `/api/v1/explain?${queryText(query)}`);
  }

  clones(): Promise<ClonesAnswer> {
    return this.#ask("GET", "/api/v1/clones");
  }

  calendar(): Promise<CalendarAnswer> {
    return this.#ask("GET", "/api/v1/calendar");
  }

  /** The calendar as a file of that format. */
  async calendarFile(format: "csv" | "ics"): Promise<string> {
    const path = `/api/v1/calendar?format=${format}`;
    const incoming = await this.#send("GET", path, undefined, TIMEOUT_MS);
    const file = await text(incoming);
    if (incoming.statusCode === 200) return file;
    throw refusal(incoming.statusCode, JSON.parse(file));
  }

  dns(): Promise<DnsAnswer> {
    return this.#ask("GET", "/api/v1/dns");
  }

  publishDns(): Promise<DnsAnswer> {
    return this.#ask("POST", "/api/v1/dns/publish");
  }

  withdrawDns(domain?: string): Promise<DnsAnswer> {
    return this.#ask("POST", "/api/v1/dns/withdraw", domain === undefined ? {} : { domain });
  }

  setDnsKey(domain: string, key: TsigKey): Promise<DnsKeyChangeAnswer> {
    return this.#ask("PUT", dnsKeyPath(domain), key);
  }

  removeDnsKey(domain: string): Promise<DnsKeyChangeAnswer> {
    return this.#ask("DELETE", dnsKeyPath(domain));
  }

  clock(): Promise<ClockAnswer> {
    return this.#ask("GET", "/api/v1/clock");
  }

  /** @param yes whether what else that changes was considered */
  trustClock(yes: boolean): Promise<ClockAnswer> {
    return this.#ask("POST", "/api/v1/clock/trust", { yes });
  }

  setClock(timeMs: number, yes: boolean): Promise<ClockAnswer> {
    const time = new Date(timeMs).toISOString();
    return this.#ask("POST", "/api/v1/clock/set", { time, yes }, CLOCK_TIMEOUT_MS);
  }

  alerts(): Promise<AlertsAnswer> {
    return this.#ask("GET", "/api/v1/alerts");
  }

  /** Sends everybody a test; takes up to 30 s. */
  testAlerts(): Promise<AlertsTest> {
    return this.#ask("POST", "/api/v1/alerts/test", undefined, ALERTS_TEST_TIMEOUT_MS);
  }

  restart(): Promise<Accepted> {
    return this.#ask("POST", "/api/v1/restart");
  }

  factoryReset(): Promise<Accepted> {
    return this.#ask("POST", "/api/v1/reset");
  }

  /** Answers once the machine begins to shut down; waits longer than the box does for that. */
  powerOff(): Promise<Accepted> {
    return this.#ask("POST", "/api/v1/power-off", undefined, POWER_OFF_TIMEOUT_MS);
  }

  /** @param enduranceTerabytes in place of the configured one */
  health(enduranceTerabytes?: number): Promise<HealthAnswer> {
    return this.#ask("GET", `/api/v1/health?${queryText({ enduranceTerabytes })}`);
  }

  /** What is wrong with the box and its network; takes up to 15 s. */
  doctor(): Promise<Diagnosis> {
    return this.#ask("GET", "/api/v1/doctor", undefined, DOCTOR_TIMEOUT_MS);
  }

  upgrade(): Promise<UpgradeAnswer> {
    return this.#ask("GET", "/api/v1/upgrade");
  }

  /** @param file whole, 64 MiB at most */
  async uploadPackage(file: Uint8Array): Promise<UploadedPackage> {
    const path = "/api/v1/upgrade/package";
    const incoming = await this.#send("PUT", path, file, UPLOAD_TIMEOUT_MS);
    const answer: unknown = JSON.parse(await text(incoming));
    if (incoming.statusCode === 200) return answer as UploadedPackage;
    throw refusal(incoming.statusCode, answer);
  }

  installPackage(install: InstallPackage): Promise<AcceptedPackage> {
    return this.#ask("POST", "/api/v1/upgrade", install, UPLOAD_TIMEOUT_MS);
  }

  settings(): Promise<SettingsAnswer> {
    return this.#ask("GET", "/api/v1/settings");
  }

  /** @param changes null removes */
  changeSettings(changes: Readonly<Record<string, unknown>>): Promise<SettingsAnswer> {
    return this.#ask("PATCH", "/api/v1/settings", { changes });
  }

  /** Asks for what has a client of its own. */
  question<T>(method: string, path: string, body?: object, timeoutMs?: number): Promise<T> {
    return this.#ask(method, path, body, timeoutMs);
  }

  /** An answer that is no JSON document, piece by piece. */
  async download(path: string): Promise<AsyncIterable<Uint8Array>> {
    const incoming = await this.#send("GET", path, undefined, BACKUP_TIMEOUT_MS);
    if (incoming.statusCode === 200) return incoming;
    throw refusal(incoming.statusCode, JSON.parse(await text(incoming)));
  }

  /** The whole box but its settings, not encrypted; it is complete if `readBackup` says so. */
  backup(): Promise<AsyncIterable<Uint8Array>> {
    return this.download("/api/v1/backup");
  }

  /** Lets the box tell of a backup in its log, and on its panel. */
  async tellBackup(told: BackupTold): Promise<void> {
    await this.#ask("POST", "/api/v1/backup/told", told);
  }

  /** The box is of this package's version, so that its answers are of the types it declares. */
  async #ask<T>(method: string, path: string, body?: object, timeoutMs = TIMEOUT_MS): Promise<T> {
    const { status, answer } = await this.#exchange(method, path, body, timeoutMs);
    if (GOOD_STATUSES.includes(status ?? 0)) return answer as T;
    throw refusal(status, answer);
  }

  async #exchange(
    method: string,
    path: string,
    body: object | undefined,
    timeoutMs: number,
  ): Promise<{ status: number | undefined; answer: unknown }> {
    try {
      const incoming = await this.#send(method, path, body, timeoutMs);
      return { status: incoming.statusCode, answer: JSON.parse(await text(incoming)) };
    } catch (error) {
      throw error instanceof KmsError ? error : this.#fault(error);
    }
  }

  async #send(
    method: string,
    path: string,
    body: object | undefined,
    timeoutMs: number,
  ): Promise<IncomingMessage> {
    try {
      const outgoing = request({
        socketPath: this.#socketPath,
        method,
        path,
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body && { headers: headersOf(body) }),
      });
      outgoing.end(body instanceof Uint8Array ? body : body && JSON.stringify(body));
      const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
      return incoming;
    } catch (error) {
      throw this.#fault(error);
    }
  }

  #fault(cause: unknown): KmsError {
    const { code } = cause as NodeJS.ErrnoException;
    switch (code) {
      case "ENOENT":
      case "ENOTDIR":
      case "ECONNREFUSED":
        return new BoxNotRunningError(
          `No box runs on ${this.#folder}. Start it by "kms-box serve --data DIR", or name the ` +
            "state folder of the one that runs with --data DIR.",
          { cause },
        );
      case "EACCES":
      case "EPERM":
        return new BoxNotAnsweringError(
          `The box on ${this.#folder} belongs to another user. Run this as that user or as root.`,
          { cause },
        );
      default:
        return new BoxNotAnsweringError(
          `The box on ${this.#folder} does not answer (${code ?? String(cause)}). Look into its ` +
            "log, or restart it.",
          { cause },
        );
    }
  }
}

function refusal(status: number | undefined, answer: unknown): BoxRefusedError {
  const { error } = answer as { error?: { code?: string; message?: string } };
  return new BoxRefusedError(error?.code ?? "refused", error?.message ?? `Status ${status}.`);
}

/** A file goes as it is. */
function headersOf(body: object): Record<string, string | number> {
  return body instanceof Uint8Array
    ? { "content-type": "application/octet-stream", "content-length": body.length }
    : { "content-type": "application/json" };
}

function dnsKeyPath(domain: string): string {
  return `/api/v1/dns/domains/${encodeURIComponent(domain)}/key`;
}

function queryText(query: object): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) text.set(name, String(value));
  }
  return text.toString();
}
