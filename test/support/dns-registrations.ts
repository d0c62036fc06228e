import type { DnsRegistration } from "../../src/domain/dns-registration.ts";

export const DOMAIN = "office.test";
export const SRV_NAME = `_vlmcs._tcp.${DOMAIN}`;

/** What a box in office.test wants to be published. */
export function registration(overrides: Partial<DnsRegistration> = {}): DnsRegistration {
  return {
    name: SRV_NAME,
    domain: DOMAIN,
    target: `kms.${DOMAIN}`,
    port: 1688,
    priority: 0,
    weight: 100,
    ttlSeconds: 3600,
    addresses: [],
    ...overrides,
  };
}
