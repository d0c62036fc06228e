import { type Announcement, announcedText, instanceCandidates } from "../../domain/dns-sd.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";
import type { Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { Sha256 } from "../../ports/keys.ts";
import { type MdnsAnnouncer, MdnsFailedError } from "../../ports/mdns.ts";

/** How often it is looked whether products or links are others than were announced. */
const CHECK_MS = 5 * SECOND_MS;
const LONGEST_RETRY_MS = 5 * MINUTE_MS;

/** What is announced, as it is now. */
export interface AnnouncedHost {
  readonly hostname: string;
  readonly thumbprint: string;
  /** Service label, with its underscore. */
  readonly service: string;
  readonly port: number;
  readonly products: readonly string[];
}

export interface AnnouncingParts {
  readonly announcer: MdnsAnnouncer;
  readonly events: EventLog;
  readonly timers: Timers;
  /** SHA-256, for a name that no other host has. */
  readonly sha256: Sha256;
  readonly describe: () => AnnouncedHost;
}

/** Keeps the links told of this host, as it changes, and tries again while that fails. */
export class Announcing {
  readonly #parts: AnnouncingParts;
  #cancel: (() => void) | undefined;
  #round: Promise<void> = Promise.resolve();
  #told = "";
  #fault = "";
  #retryMs = CHECK_MS;
  #stopped = false;

  constructor(parts: AnnouncingParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#round = this.#runRound();
  }

  /** Takes the announcement back; ends within a second. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#parts.announcer.withdraw();
    await this.#round;
  }

  async #runRound(): Promise<void> {
    let pauseMs = CHECK_MS;
    try {
      await this.#announceChanges();
      this.#retryMs = CHECK_MS;
    } catch (error) {
      this.#tellFault(error);
      pauseMs = this.#retryMs;
      this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    }
    if (this.#stopped) return;
    this.#cancel = this.#parts.timers.after(pauseMs, () => {
      this.#round = this.#runRound();
    });
  }

  async #announceChanges(): Promise<void> {
    const { announcer, describe } = this.#parts;
    const host = describe();
    if (this.#told === this.#wanted(host)) return;
    this.#told = "";
    const { hostname, thumbprint, service, port, products } = host;
    const target = targetOf(thumbprint, this.#parts.sha256);
    const what = { service, target, port, txt: announcedText(thumbprint, products) };
    const { instance, interfaces } = await announcer.announce(
      what,
      instanceCandidates(hostname, target),
    );
    if (this.#stopped) return;
    this.#told = this.#wanted(host);
    this.#fault = "";
    if (interfaces.length > 0) this.#tellAnnounced({ ...what, instance }, interfaces);
  }

  #wanted(host: AnnouncedHost): string {
    return JSON.stringify([host, this.#parts.announcer.situation()]);
  }

  #tellAnnounced(what: Announcement, interfaces: readonly string[]): void {
    const on = interfaces.join(", ");
    this.#parts.events.record(
      "mdns-announced",
      `Announced as "${what.instance}" on ${on}: clients there find this host without DNS.`,
      { instance: what.instance, interfaces: on, target: what.target, port: what.port },
    );
  }

  /** A fault that lasts is told once. */
  #tellFault(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#fault || this.#stopped) return;
    this.#fault = message;
    const code = error instanceof MdnsFailedError ? error.code : "internal-error";
    this.#parts.events.record(
      "mdns-failed",
      `This host cannot be announced by multicast DNS: ${message} Clients that find it by DNS are not concerned.`,
      { code },
    );
  }
}

const NAME_BYTES = 6;

/**
 * A name of the host that is its own: the machine's name may be announced by the system's responder,
 * which takes another one's record of it for a conflict.
 */
function targetOf(thumbprint: string, sha256: Sha256): string {
  const digest = sha256(new TextEncoder().encode(thumbprint)).subarray(0, NAME_BYTES);
  const digits = [...digest].map((byte) => byte.toString(16).padStart(2, "0"));
  return `kms-${digits.join("")}.local`;
}
