import { Resolver } from "node:dns/promises";
import { DEFAULT_SERVICE } from "../domain/dns-registration.ts";
import { type SrvRecord, selectionOrder } from "../domain/srv-selection.ts";
import type { Asked, Finding, HostFinder } from "./finding.ts";
import { searchDomains } from "./search-domains.ts";

export interface SrvOptions {
  /** Service label, with its underscore; `_vlmcs` unless told otherwise. */
  readonly service?: string;
  /** The only domain to look in; else the system's search domains. */
  readonly domain?: string;
  /** `ADDR:PORT` of the only name server to ask; else the system's. */
  readonly dnsServer?: string;
  /** The system's search domains; asked for where no domain is given. */
  readonly searchDomains?: () => Promise<readonly string[]>;
  /** For all domains and name servers together. */
  readonly lookupMs?: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** For each try at each name server: a machine may have three, of which the last alone answers. */
const TRY_MS = 1500;
const LOOKUP_TRIES = 2;
/** Long enough for the third name server to be tried, and to answer. */
const LOOKUP_MS = 6000;
/** More than a machine searches in; all are asked at once. */
const MOST_DOMAINS = 32;
/** More targets than an office has; a longer answer is not worked through to its end. */
const MOST_HOSTS = 16;

/** A resolver that asks the given server only. */
export function resolverFor(dnsServer: string | undefined): Resolver {
  const resolver = new Resolver({ timeout: TRY_MS, tries: LOOKUP_TRIES });
  if (dnsServer !== undefined) resolver.setServers([dnsServer]);
  return resolver;
}

/** Finds hosts by their SRV records, `_vlmcs._tcp.<domain>` (RFC 2782). */
export class SrvFinder implements HostFinder {
  readonly #options: SrvOptions;

  constructor(options: SrvOptions) {
    this.#options = options;
  }

  async find(signal?: AbortSignal): Promise<Finding> {
    const { domain, service = DEFAULT_SERVICE, random } = this.#options;
    const domains = domain === undefined ? await this.#searchDomains() : [domain];
    if (domains.length === 0) return { hosts: [], whyNot: NO_DOMAIN, asked: [] };
    const names = domains.map((each) => `${service}._tcp.${each}`);
    const lookups = await this.#lookUpAll(names, signal);
    const asked: Asked[] = [];
    const reasons: string[] = [];
    for (const [index, { name, records, whyNot }] of lookups.entries()) {
      const order = selectionOrder(records, random);
      const isFound = order.length > 0;
      const place = `SRV in ${domains[index]}`;
      asked.push({ place, found: order.length, whyNot: isFound ? "" : whyNot });
      if (isFound) return { hosts: order.slice(0, MOST_HOSTS).map(found(name)), whyNot: "", asked };
      reasons.push(`${name} ${whyNot}`);
    }
    return { hosts: [], whyNot: reasons.join("; "), asked };
  }

  async #searchDomains(): Promise<readonly string[]> {
    const domains = await (this.#options.searchDomains ?? searchDomains)();
    return domains.slice(0, MOST_DOMAINS);
  }

  /** In all domains at once: with name servers that are dead, one after the other takes minutes. */
  async #lookUpAll(names: readonly string[], signal?: AbortSignal): Promise<Lookup[]> {
    const { dnsServer, lookupMs = LOOKUP_MS } = this.#options;
    const resolver = resolverFor(dnsServer);
    const cancel = () => resolver.cancel();
    const clock = setTimeout(cancel, lookupMs);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const lookups = names.map((name) => lookUp(resolver, name));
      if (signal?.aborted) cancel();
      return await Promise.all(lookups);
    } finally {
      clearTimeout(clock);
      signal?.removeEventListener("abort", cancel);
    }
  }
}

const NO_DOMAIN = "this machine has no DNS search domain (give one with --domain)";

const found = (name: string) => (record: SrvRecord) =>
  ({
    host: record.target,
    port: record.port,
    how: "srv",
    why: `SRV ${name}, priority ${record.priority}, weight ${record.weight}`,
  }) as const;

interface Lookup {
  readonly name: string;
  readonly records: readonly SrvRecord[];
  readonly whyNot: string;
}

async function lookUp(resolver: Resolver, name: string): Promise<Lookup> {
  try {
    const answer = await resolver.resolveSrv(name);
    const records = answer.map(({ name: target, ...rest }) => ({ target, ...rest }));
    return { name, records, whyNot: "says that there is no host" };
  } catch (error) {
    return { name, records: [], whyNot: lookupFault(error) };
  }
}

function lookupFault(error: unknown): string {
  const { code = "failed" } = error as NodeJS.ErrnoException;
  if (code === "ENOTFOUND" || code === "ENODATA") return "has no SRV record";
  // It is cancelled when the time for all is up.
  if (code === "ETIMEOUT" || code === "ECANCELLED")
    return "could not be looked up: the name server does not answer";
  if (code === "ECONNREFUSED") return "could not be looked up: the name server refuses";
  if (code === "EREFUSED") {
    return "could not be looked up: the name server neither has that domain nor asks others for it";
  }
  return `could not be looked up (${code})`;
}
