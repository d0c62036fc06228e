import { AddressError } from "./errors.ts";

export interface HostAddress {
  /** Name or IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** TCP port of a KMS host. */
export const DEFAULT_PORT = 1688;

const BRACKETED = /^\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\](?::(\d{1,5}))?$/;
const BARE_IPV6 = /^[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[\w.-]+)?$/;
const NAMED = /^([\w.-]{1,253})(?::(\d{1,5}))?$/;

/**
 * Reads `HOST[:PORT]`; an IPv6 address with a port stands in brackets (RFC 3986 section 3.2.2).
 *
 * @throws {AddressError}
 */
export function parseHostAddress(text: string, defaultPort = DEFAULT_PORT): HostAddress {
  if (BARE_IPV6.test(text)) return { host: text, port: defaultPort };
  const [, host, portText] = BRACKETED.exec(text) ?? NAMED.exec(text) ?? [];
  const port = portText === undefined ? defaultPort : Number(portText);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new AddressError(
      `"${text}" is not an address: write HOST, HOST:PORT, or [IPV6]:PORT, as in kms.office.example:${defaultPort}.`,
    );
  }
  return { host, port };
}

/** The address as it is written for a person and in a URL. */
export function formatHostAddress({ host, port }: HostAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
