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
  /** In [0, 1). */
  readonly random: () => number;
}

const LOOKUP_TIMEOUT_MS = 3000;
const LOOKUP_TRIES = 2;
/** More targets than an office has; a longer answer is not worked through to its end. */
const MOST_HOSTS = 16;

/** A resolver that asks the given server only. */
export function resolverFor(dnsServer: string | undefined): Resolver {
  const resolver = new Resolver({ timeout: LOOKUP_TIMEOUT_MS, tries: LOOKUP_TRIES });
  if (dnsServer !== undefined) resolver.setServers([dnsServer]);
  return resolver;
}

/** Finds hosts by their SRV records, `_vlmcs._tcp.<domain>` (RFC 2782). */
export class SrvFinder implements HostFinder {
  readonly #options: SrvOptions;

  constructor(options: SrvOptions) {
    this.#options = options;
  }

  async find(): Promise<Finding> {
    const { domain, service = DEFAULT_SERVICE, dnsServer, random } = this.#options;
    const domains = domain === undefined ? await searchDomains() : [domain];
    if (domains.length === 0) return { hosts: [], whyNot: NO_DOMAIN, asked: [] };
    const asked: Asked[] = [];
    const reasons: string[] = [];
    for (const each of domains) {
      const name = `${service}._tcp.${each}`;
      const { records, whyNot } = await lookUp(resolverFor(dnsServer), name);
      const order = selectionOrder(records, random);
      const isFound = order.length > 0;
      asked.push({ place: `SRV in ${each}`, found: order.length, whyNot: isFound ? "" : whyNot });
      if (isFound) return { hosts: order.slice(0, MOST_HOSTS).map(found(name)), whyNot: "", asked };
      reasons.push(`${name} ${whyNot}`);
    }
    return { hosts: [], whyNot: reasons.join("; "), asked };
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
  readonly records: readonly SrvRecord[];
  readonly whyNot: string;
}

async function lookUp(resolver: Resolver, name: string): Promise<Lookup> {
  try {
    const answer = await resolver.resolveSrv(name);
    const records = answer.map(({ name: target, ...rest }) => ({ target, ...rest }));
    return { records, whyNot: "says that there is no host" };
  } catch (error) {
    return { records: [], whyNot: lookupFault(error) };
  }
}

function lookupFault(error: unknown): string {
  const { code = "failed" } = error as NodeJS.ErrnoException;
  if (code === "ENOTFOUND" || code === "ENODATA") return "has no SRV record";
  if (code === "ETIMEOUT") return "could not be looked up: the name server does not answer";
  if (code === "ECONNREFUSED") return "could not be looked up: the name server refuses";
  if (code === "EREFUSED") {
    return "could not be looked up: the name server neither has that domain nor asks others for it";
  }
  return `could not be looked up (${code})`;
}
