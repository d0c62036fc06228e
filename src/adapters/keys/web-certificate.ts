import { join } from "node:path";
import { DAY_MS, HOUR_MS } from "../../domain/units.ts";
import { readIfThere, writeFileDurably } from "../../platform/durable-file.ts";
import type { CertificateFacts, Certificates } from "../../ports/certificate.ts";
import type { Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { makeCertificate } from "./certificate-maker.ts";
import { checkCertificate, requireServable } from "./check-certificate.ts";
import { WEB_CERTIFICATE_FILE, WEB_KEY_FILE } from "./web-certificate-files.ts";

/** Some systems refuse what is valid for more than 398 days. */
const VALID_MS = 397 * DAY_MS;
/** For clocks that are behind. */
const BEFORE_MS = DAY_MS;
const RENEWED_BEFORE_MS = 30 * DAY_MS;
const LOOK_MS = HOUR_MS;

export interface WebCertificateParts {
  readonly folder: string;
  /** What a new one is for; asked at that time. */
  readonly names: () => readonly string[];
  readonly time: () => { readonly trusted: boolean; readonly nowMs: number };
  readonly timers: Timers;
  readonly events: EventLog;
  readonly make: typeof makeCertificate;
}

/** Both as PEM. */
export interface CertificatePair {
  readonly key: string;
  readonly certificate: string;
}

/** Why there is another certificate than before. */
type Reason = "first-start" | "damaged" | "ends-soon" | "renewed" | "installed";

/**
 * The certificate of the administration and its key, in two files of the state folder. One that the
 * box made itself is made anew before it ends; one that was installed is its owner's to replace.
 *
 * A new address of the box does not make a new certificate: browsers ask whether to trust it for each
 * address anew all the same, and the fingerprint that somebody has compared stays the right one.
 */
export class WebCertificate implements Certificates {
  readonly #parts: WebCertificateParts;
  #pair: CertificatePair;
  #facts: CertificateFacts;
  #use: (pair: CertificatePair) => void = () => undefined;
  #cancel: (() => void) | undefined;
  #taken: Promise<void> = Promise.resolve();

  private constructor(parts: WebCertificateParts, pair: CertificatePair, facts: CertificateFacts) {
    this.#parts = parts;
    this.#pair = pair;
    this.#facts = facts;
  }

  /** From its files; made where they are missing or damaged. */
  static async open(parts: WebCertificateParts): Promise<WebCertificate> {
    const [key, certificate] = await Promise.all(
      [WEB_KEY_FILE, WEB_CERTIFICATE_FILE].map((name) => readIfThere(join(parts.folder, name))),
    );
    if (key !== undefined && certificate !== undefined) {
      try {
        const facts = checkCertificate(certificate, key);
        return new WebCertificate(parts, { key, certificate }, facts);
      } catch {
        return WebCertificate.#made(parts, "damaged");
      }
    }
    return WebCertificate.#made(parts, key === certificate ? "first-start" : "damaged");
  }

  static async #made(parts: WebCertificateParts, reason: Reason): Promise<WebCertificate> {
    const pair = await ordered(parts);
    return new WebCertificate(parts, pair, await keep(parts, pair, reason));
  }

  get facts(): CertificateFacts {
    return this.#facts;
  }

  get pair(): CertificatePair {
    return this.#pair;
  }

  /** Looks now and then whether it ends; `use` is told of every one that takes its place. */
  start(use: (pair: CertificatePair) => void): void {
    this.#use = use;
    this.#look();
  }

  stop(): void {
    this.#cancel?.();
  }

  async install(certificate: string, key: string): Promise<void> {
    const { trusted, nowMs } = this.#parts.time();
    requireServable(certificate, key, trusted ? nowMs : undefined);
    await this.#take({ certificate, key }, "installed");
  }

  renew(): Promise<void> {
    return this.#renew("renewed");
  }

  async #renew(reason: Reason): Promise<void> {
    await this.#take(await ordered(this.#parts), reason);
  }

  /** One after the other, so that the two files are always of one pair. */
  #take(pair: CertificatePair, reason: Reason): Promise<void> {
    const taken = this.#taken.then(() => this.#keepAndUse(pair, reason));
    this.#taken = taken.catch(() => undefined);
    return taken;
  }

  async #keepAndUse(pair: CertificatePair, reason: Reason): Promise<void> {
    this.#facts = await keep(this.#parts, pair, reason);
    this.#pair = pair;
    this.#use(pair);
  }

  #look(): void {
    this.#cancel = this.#parts.timers.after(LOOK_MS, () => this.#look());
    const { selfSigned, validFromMs, validToMs } = this.#facts;
    const { trusted, nowMs } = this.#parts.time();
    const ends = nowMs < validFromMs || nowMs > validToMs - RENEWED_BEFORE_MS;
    // By a clock that cannot be trusted any certificate may seem to end.
    if (!selfSigned || !trusted || !ends) return;
    this.#renew("ends-soon").catch((error: Error) => {
      const message = `The certificate of the administration ends soon and could not be renewed: ${error.message}`;
      this.#parts.events.record("web-failed", message, { scheme: "https", reason: error.message });
    });
  }
}

function ordered({ make, names, time }: WebCertificateParts): Promise<CertificatePair> {
  const { nowMs } = time();
  return make({ names: names(), fromMs: nowMs - BEFORE_MS, toMs: nowMs - BEFORE_MS + VALID_MS });
}

const REASONS: Readonly<Record<Reason, string>> = {
  "first-start": "made its certificate",
  damaged: "made another certificate, as the one that it had was damaged",
  "ends-soon": "made another certificate, as the one that it had ends soon",
  renewed: "made another certificate, as it was told to",
  installed: "another certificate, which the administrator installed",
};

/** The key comes first: with an old certificate beside it, both are damaged, and made anew. */
async function keep(
  { folder, events }: WebCertificateParts,
  { key, certificate }: CertificatePair,
  reason: Reason,
): Promise<CertificateFacts> {
  const facts = checkCertificate(certificate, key);
  await writeFileDurably(join(folder, WEB_KEY_FILE), key, 0o600);
  await writeFileDurably(join(folder, WEB_CERTIFICATE_FILE), certificate, 0o644);
  const { fingerprint } = facts;
  events.record(
    "certificate-changed",
    `The administration has ${REASONS[reason]}, SHA-256 ${fingerprint}.`,
    { reason, fingerprint },
  );
  return facts;
}
