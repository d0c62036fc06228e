import {
  type DnsRegistration,
  isSameRecord,
  type RivalRecord,
} from "../../src/domain/dns-registration.ts";
import {
  DnsFailedError,
  type DnsFindings,
  type DnsRegistrar,
  type PublishOptions,
} from "../../src/ports/dns.ts";

/** Zones in memory, which several hosts share. */
export class FakeDns {
  readonly srv = new Map<string, RivalRecord[]>();
  readonly addresses = new Map<string, string[]>();
  /** What was asked, in order: `publish office.test` and so on. */
  readonly calls: string[] = [];
  /** Thrown by every call as long as it is set. */
  failure: DnsFailedError | null = null;
  /** Thrown, while it is set, when addresses are written and the SRV record is not. */
  srvFailure: DnsFailedError | null = null;
  system: boolean | null = true;
  /** What an administrator set the time to live to, until it is written again. */
  ttlSeconds: number | null = null;
  /** Whether it keeps that whatever is written. */
  isWillful = false;
  #held: (() => void)[] | undefined;

  /** Calls begun from now on wait for `release`. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    for (const resolve of this.#held ?? []) resolve();
    this.#held = undefined;
  }

  /** Waits while it is held; a signal ends that. */
  async answer(call: string, signal: AbortSignal | undefined): Promise<void> {
    this.calls.push(call);
    const held = this.#held;
    if (held) {
      await new Promise<void>((resolve) => {
        held.push(resolve);
        signal?.addEventListener("abort", () => resolve());
      });
    }
    if (signal?.aborted) throw new DnsFailedError("server-unreachable", "It was broken off.");
    if (this.failure) throw this.failure;
  }
}

/** Publishes in a `FakeDns` by the rules of the port. */
export class FakeRegistrar implements DnsRegistrar {
  readonly #dns: FakeDns;
  readonly #coexist: boolean;

  constructor(dns: FakeDns, coexist = false) {
    this.#dns = dns;
    this.#coexist = coexist;
  }

  async inspect(registration: DnsRegistration, signal?: AbortSignal): Promise<DnsFindings> {
    await this.#dns.answer(`inspect ${registration.domain}`, signal);
    return this.#found(registration, []);
  }

  async publish(
    registration: DnsRegistration,
    former: DnsRegistration | null,
    { signal, willWrite = async () => undefined }: PublishOptions = {},
  ): Promise<DnsFindings> {
    await this.#dns.answer(`publish ${registration.domain}`, signal);
    const own = former?.name === registration.name ? [registration, former] : [registration];
    const there = this.#dns.srv.get(registration.name) ?? [];
    const rivals = there.filter((each) => !own.some((mine) => isSameService(mine, each)));
    if (rivals.length > 0 && rivals.length === there.length && !this.#coexist) {
      return this.#found(registration, []);
    }
    const written = former?.target === registration.target ? former.addresses : [];
    const named = this.#dns.addresses.get(registration.target) ?? [];
    const mine = [...registration.addresses, ...written];
    if (mine.length > 0 && named.length > 0 && !named.some((each) => mine.includes(each))) {
      throw new DnsFailedError(
        "update-failed",
        `${registration.target} is another machine's name.`,
      );
    }
    const foreign = named.filter((each) => !written.includes(each));
    const added = registration.addresses.filter((each) => !foreign.includes(each));
    if (added.length > 0) await willWrite(added);
    this.#addAddresses(registration);
    if (this.#dns.srvFailure) throw this.#dns.srvFailure;
    if (former && !isSameRecord(former, registration)) this.#removeSrv(former);
    if (former) {
      const kept = former.target === registration.target ? registration.addresses : [];
      this.#removeAddresses(former, kept);
    }
    this.#addSrv(registration);
    if (!this.#dns.isWillful) this.#dns.ttlSeconds = null;
    return this.#found(registration, added);
  }

  async withdraw(registration: DnsRegistration, signal?: AbortSignal): Promise<DnsFindings> {
    await this.#dns.answer(`withdraw ${registration.domain}`, signal);
    this.#removeSrv(registration);
    const left = this.#dns.srv.get(registration.name) ?? [];
    if (!left.some(({ target }) => target === registration.target)) {
      this.#removeAddresses(registration, []);
    }
    return this.#found(registration, []);
  }

  async seenBySystem(): Promise<boolean | null> {
    return this.#dns.system;
  }

  #found(registration: DnsRegistration, ownAddresses: readonly string[]): DnsFindings {
    const there = this.#dns.srv.get(registration.name) ?? [];
    const named = this.#dns.addresses.get(registration.target) ?? [];
    return {
      server: "192.0.2.53#53",
      oursPresent: there.some((each) => isSameSrv(each, registration)),
      addressesRight: registration.addresses.every((each) => named.includes(each)),
      ttlSeconds: there.length > 0 ? (this.#dns.ttlSeconds ?? registration.ttlSeconds) : null,
      rivals: there.filter((each) => !isSameService(each, registration)),
      duplicates: there.filter(
        (each) => isSameService(each, registration) && !isSameSrv(each, registration),
      ),
      ownAddresses,
    };
  }

  #addSrv({ name, target, port, priority, weight }: DnsRegistration): void {
    const record = { target, port, priority, weight };
    const others = (this.#dns.srv.get(name) ?? []).filter((each) => !isSameService(each, record));
    this.#dns.srv.set(name, [...others, record]);
  }

  #removeSrv(registration: DnsRegistration): void {
    const there = this.#dns.srv.get(registration.name) ?? [];
    this.#dns.srv.set(
      registration.name,
      there.filter((each) => !isSameService(each, registration)),
    );
  }

  #addAddresses({ target, addresses }: DnsRegistration): void {
    const there = this.#dns.addresses.get(target) ?? [];
    this.#dns.addresses.set(target, [...new Set([...there, ...addresses])]);
  }

  #removeAddresses({ target, addresses }: DnsRegistration, kept: readonly string[]): void {
    const there = this.#dns.addresses.get(target) ?? [];
    this.#dns.addresses.set(
      target,
      there.filter((each) => kept.includes(each) || !addresses.includes(each)),
    );
  }
}

function isSameService(a: RivalRecord, b: RivalRecord): boolean {
  return a.target === b.target && a.port === b.port;
}

function isSameSrv(a: RivalRecord, b: RivalRecord): boolean {
  return isSameService(a, b) && a.priority === b.priority && a.weight === b.weight;
}
