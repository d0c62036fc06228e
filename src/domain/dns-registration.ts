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

/** Why a domain could not be told; stable, for scripts and the event log. */
export type DnsFailureCode =
  /** No program or no file that the update needs. */
  | "not-installed"
  | "key-unusable"
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
