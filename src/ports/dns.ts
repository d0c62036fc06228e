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
}

/** A domain could not be read or written. */
export class DnsFailedError extends KmsError {
  readonly code: DnsFailureCode;

  constructor(code: DnsFailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Publishes one domain's records at its primary. Each call ends in bounded time. */
export interface DnsRegistrar {
  /** @throws {DnsFailedError} */
  inspect(registration: DnsRegistration): Promise<DnsFindings>;
  /**
   * Adds this host's records and replaces older ones of its own, then reads back. Records of other
   * hosts are left as they are (prerequisites, RFC 2136 section 2.4).
   *
   * @param former what this host published there before, to be removed in the same update
   * @throws {DnsFailedError}
   */
  publish(registration: DnsRegistration, former: DnsRegistration | null): Promise<DnsFindings>;
  /** Removes exactly this host's records. @throws {DnsFailedError} */
  withdraw(registration: DnsRegistration): Promise<DnsFindings>;
  /** Whether this machine's own resolver finds the SRV record; null if it could not be asked. */
  seenBySystem(registration: DnsRegistration): Promise<boolean | null>;
}
