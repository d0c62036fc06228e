import type { Asked, Finding, HostFinder } from "./finding.ts";
import type { HostAddress } from "./host-address.ts";
import { MdnsFinder } from "./mdns-finder.ts";
import { SrvFinder, type SrvOptions } from "./srv-finder.ts";

/** What a client looks for hosts with. */
export interface FindOptions extends SrvOptions {
  /** Set by the administrator; then nothing else is asked. */
  readonly configured: HostAddress | null;
  /** The host that worked last. */
  readonly cached: HostAddress | null;
  /** Whether to ask the machine's own links. */
  readonly mdns: boolean;
}

/**
 * The ways of finding hosts, in order: the configured host alone, else DNS, else those that announce
 * themselves on the link, and the host that worked last only where a fresh look-up finds none.
 */
export function findersFor(options: FindOptions): HostFinder[] {
  const { configured, cached, mdns } = options;
  if (configured) return [new ConfiguredFinder(configured)];
  return [
    new SrvFinder(options),
    ...(mdns ? [new MdnsFinder(options)] : []),
    ...(cached ? [new CacheFinder(cached)] : []),
  ];
}

/** The findings of the first way that finds anything, with what those before it said. Never rejects. */
export async function findHosts(
  finders: readonly HostFinder[],
  signal?: AbortSignal,
): Promise<Finding> {
  const reasons: string[] = [];
  const asked: Asked[] = [];
  for (const finder of finders) {
    const finding = await finder.find(signal);
    asked.push(...finding.asked);
    if (finding.hosts.length > 0) return { ...finding, asked };
    reasons.push(finding.whyNot);
  }
  return { hosts: [], whyNot: reasons.join("; "), asked };
}

class ConfiguredFinder implements HostFinder {
  readonly #address: HostAddress;

  constructor(address: HostAddress) {
    this.#address = address;
  }

  async find(): Promise<Finding> {
    const host = { ...this.#address, how: "configured", why: "set by the administrator" } as const;
    return { hosts: [host], whyNot: "", asked: [] };
  }
}

class CacheFinder implements HostFinder {
  readonly #address: HostAddress;

  constructor(address: HostAddress) {
    this.#address = address;
  }

  async find(): Promise<Finding> {
    const { host, port } = this.#address;
    const why = "worked last; no look-up found any";
    const asked = [{ place: "the host that worked last", found: 1, whyNot: "" }];
    return { hosts: [{ host, port, how: "cache", why }], whyNot: "", asked };
  }
}
