import type { Finding, HostFinder } from "./finding.ts";
import type { HostAddress } from "./host-address.ts";
import { SrvFinder, type SrvOptions } from "./srv-finder.ts";

/** What a client looks for hosts with. */
export interface FindOptions extends SrvOptions {
  /** Set by the administrator; then nothing else is asked. */
  readonly configured: HostAddress | null;
  /** The host that worked last. */
  readonly cached: HostAddress | null;
}

/**
 * The ways of finding hosts, in order: the configured host alone, else DNS, and the host that worked
 * last only where a fresh look-up finds none.
 */
export function findersFor(options: FindOptions): HostFinder[] {
  if (options.configured) return [new ConfiguredFinder(options.configured)];
  return [new SrvFinder(options), ...(options.cached ? [new CacheFinder(options.cached)] : [])];
}

/** The findings of the first way that finds anything. */
export async function findHosts(finders: readonly HostFinder[]): Promise<Finding> {
  const reasons: string[] = [];
  for (const finder of finders) {
    const finding = await finder.find();
    if (finding.hosts.length > 0) return finding;
    reasons.push(finding.whyNot);
  }
  return { hosts: [], whyNot: reasons.join("; ") };
}

class ConfiguredFinder implements HostFinder {
  readonly #address: HostAddress;

  constructor(address: HostAddress) {
    this.#address = address;
  }

  async find(): Promise<Finding> {
    const host = { ...this.#address, how: "configured", why: "set by the administrator" } as const;
    return { hosts: [host], whyNot: "" };
  }
}

class CacheFinder implements HostFinder {
  readonly #address: HostAddress;

  constructor(address: HostAddress) {
    this.#address = address;
  }

  async find(): Promise<Finding> {
    const { host, port } = this.#address;
    const why = "worked last; the look-up in DNS found none";
    return { hosts: [{ host, port, how: "cache", why }], whyNot: "" };
  }
}
