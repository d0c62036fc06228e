const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const RECORD_NAME = new RegExp(`^(?:_?${LABEL}\\.)*_?${LABEL}$`);
const LONGEST_NAME = 253;

/** Whether this may name a host (RFC 1123 section 2.1), without a final dot. */
export function isHostName(name: string): boolean {
  return name.length <= LONGEST_NAME && HOST_NAME.test(name);
}

/** Whether this may name a record: labels may begin with an underscore (RFC 8552). */
export function isRecordName(name: string): boolean {
  return name.length <= LONGEST_NAME && RECORD_NAME.test(name);
}

/** As names are compared: letters in lower case, no final dot (RFC 4343). */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

export function isSameName(a: string, b: string): boolean {
  return plainName(a) === plainName(b);
}

/** Whether a name is the domain itself, or below it. */
export function isWithin(name: string, domain: string): boolean {
  return isSameName(name, domain) || plainName(name).endsWith(`.${plainName(domain)}`);
}

/** The name and all that it lies in, the nearest first, without the root. */
export function enclosingNames(name: string): string[] {
  const labels = plainName(name).split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
}

const LINK_LOCAL = /^(?:169\.254\.|fe[89ab][0-9a-f]:)/i;

/** Whether other links can reach the address. */
export function isLinkLocal(address: string): boolean {
  return LINK_LOCAL.test(address);
}

/** Addresses that mean nothing to others, or name no one machine, and what each is. */
const UNREACHABLE: readonly (readonly [RegExp, string])[] = [
  [LINK_LOCAL, "is known on one link only"],
  [/%/, "is known on one link only"],
  [/^(?:127\.|::1$)/, "means every machine to itself"],
  [/^(?:0\.|[0:]+$)/, "is no machine's"],
  [/^::ffff:/i, "is an IPv4 address in IPv6's form: give it in its own"],
  [/^(?:22[4-9]|2[3-5]\d)\.|^ff/i, "is no one machine's"],
];

/**
 * Why an address cannot be entered in DNS for other machines; null if it can.
 *
 * @returns the rest of a sentence that begins with the address
 */
export function addressFault(address: string): string | null {
  return UNREACHABLE.find(([sign]) => sign.test(address))?.[1] ?? null;
}

export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

const DNS_PORT = 53;
const BRACKETED = /^\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?$/;
const IPV4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$/;
const BARE_IPV6 = /^[0-9A-Fa-f]*:[0-9A-Fa-f:.]+$/;

/**
 * Reads `ADDRESS` or `ADDRESS:PORT`, IPv6 in brackets where a port follows. Whether the address is
 * one is for the caller to check.
 */
export function splitServer(text: string): ServerAddress | undefined {
  const [, address, port] = BRACKETED.exec(text) ?? IPV4.exec(text) ?? [];
  if (address !== undefined) {
    const number = port === undefined ? DNS_PORT : Number(port);
    return number >= 1 && number <= 65_535 ? { address, port: number } : undefined;
  }
  return BARE_IPV6.test(text) ? { address: text, port: DNS_PORT } : undefined;
}
