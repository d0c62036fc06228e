import { isLinkLocal, isSameName, isWithin, plainName } from "./dns-names.ts";

/** The service label of DESIGN's SRV record, with its underscore (RFC 2782). */
export const DEFAULT_SERVICE = "_vlmcs";

/** What one domain is told of this host. */
export interface DnsRegistration {
  /** `_vlmcs._tcp.office.example`, without a final dot. */
  readonly name: string;
  readonly domain: string;
  /** Name of the host that clients connect to, without a final dot. */
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
  readonly ttlSeconds: number;
  /** IPv4 and IPv6 addresses published under `target`; empty where that name is not ours to write. */
  readonly addresses: readonly string[];
}

/** What all domains share, and where this host can be reached. */
export interface HostToPublish {
  /** With its underscore. */
  readonly service: string;
  /** Name that clients connect to; empty: the machine's name in each domain. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly ttlSeconds: number;
  readonly addresses: readonly string[];
}

export interface DomainToPublish {
  readonly domain: string;
  readonly priority: number;
  readonly weight: number;
  readonly publishAddresses: boolean;
}

/**
 * What is to be published in a domain. Addresses belong to it only where the target's name is in the
 * domain; those of one link only mean nothing to others.
 */
export function registrationOf(host: HostToPublish, domain: DomainToPublish): DnsRegistration {
  const { priority, weight, publishAddresses } = domain;
  const name = plainName(domain.domain);
  const [machine = ""] = host.hostname.split(".");
  const target = plainName(host.host === "" ? `${machine}.${name}` : host.host);
  return {
    name: `${host.service}._tcp.${name}`,
    domain: name,
    target,
    port: host.port,
    priority,
    weight,
    ttlSeconds: host.ttlSeconds,
    addresses:
      publishAddresses && isWithin(target, name)
        ? host.addresses.filter((address) => !isLinkLocal(address))
        : [],
  };
}

/** Whether a registration waits for the machine to get an address. */
export function lacksAddress(
  { addresses, target, domain }: DnsRegistration,
  { publishAddresses }: DomainToPublish,
): boolean {
  return publishAddresses && addresses.length === 0 && isWithin(target, domain);
}

/** Whether two registrations are one and the same SRV record. */
export function isSameRecord(a: DnsRegistration, b: DnsRegistration): boolean {
  return (
    isSameName(a.name, b.name) &&
    isSameName(a.target, b.target) &&
    a.port === b.port &&
    a.priority === b.priority &&
    a.weight === b.weight
  );
}

/** Whether nothing differs, addresses and time to live included. */
export function isSameRegistration(a: DnsRegistration, b: DnsRegistration): boolean {
  return (
    isSameRecord(a, b) &&
    a.ttlSeconds === b.ttlSeconds &&
    a.addresses.length === b.addresses.length &&
    a.addresses.every((address) => b.addresses.includes(address))
  );
}

/** Why a domain could not be told; stable, for scripts and the event log. */
export type DnsFailureCode =
  /** No program or no file that the update needs. */
  | "not-installed"
  | "key-unusable"
  /** The machine has no name under which it can be published. */
  | "name-unusable"
  | "no-ticket"
  /** The zone or its primary could not be found. */
  | "no-zone"
  | "server-unreachable"
  | "server-refused"
  | "signature-refused"
  /** The server accepted, but does not answer with the record. */
  | "not-visible"
  | "update-failed";

/** Another host's SRV record under the same name. */
export interface RivalRecord {
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** How it stands with one domain. Times are milliseconds since 1970. */
export type DomainState =
  | { readonly state: "pending" }
  | {
      readonly state: "published";
      readonly sinceMs: number;
      readonly checkedMs: number;
      /** Whether this machine's own resolver finds it as well; null where it has not been asked. */
      readonly seenBySystem: boolean | null;
    }
  | {
      readonly state: "failed";
      readonly code: DnsFailureCode;
      /** For a person, with what to do. */
      readonly reason: string;
      readonly sinceMs: number;
      readonly retryMs: number;
    }
  /** Another host's record is there and `dns.coexist` is not set: nothing was written. */
  | { readonly state: "foreign"; readonly sinceMs: number }
  | { readonly state: "withdrawn"; readonly sinceMs: number };

export interface DomainReport {
  readonly registration: DnsRegistration;
  /** `ADDRESS#PORT` of the zone's primary as last used; null before it is known. */
  readonly server: string | null;
  readonly rivals: readonly RivalRecord[];
  readonly state: DomainState;
}
