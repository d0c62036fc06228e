import { isSameName } from "../../domain/dns-names.ts";
import {
  type DomainReport,
  type DomainToPublish,
  type HostToPublish,
  lacksAddress,
  registrationOf,
} from "../../domain/dns-registration.ts";
import { startedDns } from "../../domain/dns-state.ts";
import { KmsError } from "../../domain/errors.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { DnsAccess, DnsRegistrar } from "../../ports/dns.ts";
import type { CmidStore } from "../../ports/store.ts";
import { DnsRecordKeeper, type KeptDomain } from "./dns-record-keeper.ts";
import { type DomainParts, PublishedDomain } from "./published-domain.ts";

/** How often it is looked whether the machine has other addresses. */
const WATCH_MS = 10 * SECOND_MS;
/** How long a command waits for what it asked for. */
const COMMAND_MS = 8 * SECOND_MS;
/** How long a stop waits for records to be removed. */
const WITHDRAW_MS = 3 * SECOND_MS;
const NEVER_MS = Number.POSITIVE_INFINITY;

export interface DomainSettings extends DomainToPublish {
  readonly access: DnsAccess;
}

export interface RegistrationParts
  extends Pick<DomainParts, "events" | "clock" | "timers" | "random"> {
  readonly store: Pick<CmidStore, "documents" | "commit">;
  readonly domains: readonly DomainSettings[];
  readonly checkMs: number;
  readonly registrarFor: (access: DnsAccess) => DnsRegistrar;
  /** Read again and again; the port is known from the start. */
  readonly host: () => HostToPublish;
}

/** This box does not publish in that domain. */
export class DomainUnknownError extends KmsError {
  readonly code = "domain-unknown";
}

/** Keeps this host published in its domains, and tells how that stands. Nothing waits for it. */
export class DnsRegistrationService {
  readonly #parts: RegistrationParts;
  readonly #keeper: DnsRecordKeeper;
  #domains: PublishedDomain[] = [];
  #leaving: PublishedDomain[] = [];
  #cancel: () => void = () => undefined;
  #watchedMs = 0;
  #stopped = false;
  #waiting: (() => void)[] = [];

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
    this.#keeper = new DnsRecordKeeper(parts.store);
  }

  /** Begins to publish, and to remove what is out there in domains that are configured no longer. */
  start(): void {
    const { domains } = this.#parts;
    const kept = this.#keeper.domains;
    const host = this.#parts.host();
    this.#domains = domains.map((each) => this.#published(each, host, kept));
    this.#leaving = kept
      .filter(({ domain }) => !domains.some((each) => isSameName(each.domain, domain)))
      .flatMap((each) => this.#removed(each));
    this.#watchedMs = this.#parts.clock.monotonicMs();
    this.#run();
  }

  /** How it stands with each domain, those that are being left last. */
  get reports(): DomainReport[] {
    return [...this.#domains, ...this.#leaving].map(({ report }) => report);
  }

  /** Publishes anew, also what was withdrawn, and waits a while for it. */
  async publish(): Promise<DomainReport[]> {
    for (const each of this.#domains) each.handle({ event: "publish-asked" });
    await this.#settle();
    return this.reports;
  }

  /**
   * Removes this host's records and waits a while for that. They stay away until somebody publishes
   * them, or the next start.
   *
   * @param domain the only one that is meant
   * @throws {DomainUnknownError}
   */
  async withdraw(domain?: string): Promise<DomainReport[]> {
    const meant = this.#domains.filter(
      (each) => domain === undefined || isSameName(each.domain, domain),
    );
    if (meant.length === 0) throw domainUnknown(domain, this.#domains);
    for (const each of meant) each.handle({ event: "withdraw-asked" });
    await this.#settle();
    return this.reports;
  }

  /** Ends in little over 3 s. */
  async stop({ withdraw }: { readonly withdraw: boolean }): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    const all = [...this.#domains, ...this.#leaving];
    await Promise.all(all.map((each) => each.stop()));
    this.#wake();
    if (!withdraw) return;
    const abort = new AbortController();
    const forget = this.#parts.timers.after(WITHDRAW_MS, () => abort.abort());
    await Promise.all(all.map((each) => each.withdrawNow(abort.signal)));
    forget();
  }

  #published(
    settings: DomainSettings,
    host: HostToPublish,
    known: readonly KeptDomain[],
  ): PublishedDomain {
    const { checkMs, clock } = this.#parts;
    const wanted = registrationOf(host, settings);
    const kept = known.find(({ domain }) => isSameName(domain, settings.domain));
    const dueMs = lacksAddress(wanted, settings) ? NEVER_MS : clock.monotonicMs();
    return this.#domain(
      settings.access,
      startedDns({ wanted, kept: kept?.registrations ?? [], aim: "publish", checkMs, dueMs }),
    );
  }

  #removed({ access, registrations }: KeptDomain): PublishedDomain[] {
    const { checkMs, clock } = this.#parts;
    const [wanted] = registrations;
    if (!wanted) return [];
    const dueMs = clock.monotonicMs();
    return [
      this.#domain(
        access,
        startedDns({ wanted, kept: registrations, aim: "withdraw", checkMs, dueMs }),
      ),
    ];
  }

  #domain(access: DnsAccess, machine: ReturnType<typeof startedDns>): PublishedDomain {
    const onSettled = () => this.#run();
    const registrar = this.#parts.registrarFor(access);
    const parts = { ...this.#parts, access, registrar, keeper: this.#keeper, onSettled };
    return new PublishedDomain(parts, machine);
  }

  /** Does what is due, and comes again when the next is. */
  #run(): void {
    if (this.#stopped) return;
    this.#cancel();
    this.#watch();
    this.#leaving = this.#leaving.filter(({ report }) => report.state.state !== "withdrawn");
    const all = [...this.#domains, ...this.#leaving];
    for (const each of all) each.handle({ event: "tick" });
    const nowMs = this.#parts.clock.monotonicMs();
    const dueMs = Math.min(this.#watchedMs + WATCH_MS, ...all.map((each) => each.dueMs));
    this.#cancel = this.#parts.timers.after(Math.max(0, dueMs - nowMs), () => this.#run());
    this.#wake();
  }

  #watch(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#watchedMs < WATCH_MS) return;
    this.#watchedMs = nowMs;
    const host = this.#parts.host();
    this.#parts.domains.forEach((settings, index) => {
      const registration = registrationOf(host, settings);
      // A machine without an address is unplugged: what is published stays as it is.
      if (lacksAddress(registration, settings)) return;
      this.#domains[index]?.handle({ event: "wanted", registration });
    });
  }

  async #settle(): Promise<void> {
    let late = false;
    const forget = this.#parts.timers.after(COMMAND_MS, () => {
      late = true;
      this.#wake();
    });
    this.#run();
    while (!late && !this.#stopped && !this.#domains.every((each) => each.settled)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    forget();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function domainUnknown(
  domain: string | undefined,
  domains: readonly PublishedDomain[],
): DomainUnknownError {
  const names = domains.map((each) => each.domain).join(", ");
  return new DomainUnknownError(
    domain === undefined || names === ""
      ? 'This box publishes in no domain: name some as "dns": {"domains": […]} in its configuration.'
      : `This box does not publish in ${domain}, but in ${names}.`,
  );
}
