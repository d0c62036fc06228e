import type { DnsFailureCode, DnsRegistration, RivalRecord } from "../domain/dns-registration.ts";
import { KmsError } from "../domain/errors.ts";

/** What the zone's primary has under a registration's name. */
export interface DnsFindings {
  /** `ADDRESS#PORT` that was asked. */
  readonly server: string;
  readonly oursPresent: boolean;
  /** Whether the target's address records are those of the registration; true where it has none. */
  readonly addressesRight: boolean;
  readonly ttlSeconds: number | null;
  readonly rivals: readonly RivalRecord[];
  /** Records of this host's target and port, but with another priority or weight. */
  readonly duplicates: readonly RivalRecord[];
  /** Those of the registration's addresses that this host wrote itself, and may remove again. */
  readonly ownAddresses: readonly string[];
}

/** A domain could not be read or written. */
export class DnsFailedError extends KmsError {
  readonly code: DnsFailureCode;

  constructor(code: DnsFailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** How one domain's records may be written: by whom, and where. No secret stands in it. */
export interface DnsAccess {
  /** `ADDRESS` or `ADDRESS:PORT`, IPv6 in brackets; absent: found by the zone's SOA record. */
  readonly server?: string;
  /** Key file as tsig-keygen writes it: TSIG (RFC 8945). */
  readonly tsigKeyFile?: string;
  /** Kerberos keytab: GSS-TSIG (RFC 3645). With neither, updates are not signed. */
  readonly keytab?: string;
  /** Kerberos principal in the keytab; absent: its first that is no service. */
  readonly principal?: string;
}

export interface PublishOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Told which addresses this host is about to write, so that they are known also if all else fails;
   * told of none if the server refused them. What resolves is awaited before anything is written.
   */
  readonly willWrite?: ((addresses: readonly string[]) => Promise<void>) | undefined;
}

/**
 * Publishes one domain's records at its primary. Each call ends in bounded time, and at once when its
 * signal aborts.
 */
export interface DnsRegistrar {
  /** @throws {DnsFailedError} */
  inspect(registration: DnsRegistration, signal?: AbortSignal): Promise<DnsFindings>;
  /**
   * Adds this host's records and replaces older ones of its own, then reads back. Records of other
   * hosts are left as they are (prerequisites, RFC 2136 section 2.4). Where another host has a record
   * and this one has none, nothing is written unless `dns.coexist` is set: then `oursPresent` is
   * false and `rivals` is not empty.
   *
   * @param former what this host published there before, to be removed as far as it differs
   * @throws {DnsFailedError}
   */
  publish(
    registration: DnsRegistration,
    former: DnsRegistration | null,
    options?: PublishOptions,
  ): Promise<DnsFindings>;
  /**
   * Removes exactly this host's records, those of its addresses that it wrote included.
   *
   * @param registration as published, with only those addresses that this host wrote
   * @throws {DnsFailedError}
   */
  withdraw(registration: DnsRegistration, signal?: AbortSignal): Promise<DnsFindings>;
  /** Whether this machine's own resolver finds the SRV record; null if it could not be asked. */
  seenBySystem(registration: DnsRegistration, signal?: AbortSignal): Promise<boolean | null>;
}
