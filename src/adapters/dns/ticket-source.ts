/** Kerberos tickets for updates signed with GSS-TSIG (RFC 3645). */
export interface TicketSource {
  /**
   * A credential cache that holds a valid ticket, for the environment variable `KRB5CCNAME`.
   *
   * @param principal the first of the keytab that is no service if left out
   * @param signal ends the waiting at once, with `no-ticket`
   * @throws {DnsFailedError} `not-installed`, `key-unusable` or `no-ticket`
   */
  cacheFor(keytab: string, principal?: string, signal?: AbortSignal): Promise<string>;
  /** A server refused the ticket, as expired for instance: the next `cacheFor` gets a new one. */
  discard(keytab: string, principal?: string): void;
}
