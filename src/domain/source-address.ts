/**
 * The network that a source of new clients is counted by: an IPv4 address itself, and the /64 of an
 * IPv6 address, since one machine can use all addresses of its /64 (RFC 4291 section 2.5.4).
 *
 * @param address as a socket reports it, already plain (see `plainAddress`)
 */
export function clientNetwork(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = (address.split("%", 1)[0] ?? "").split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill("0"), ...back];
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(":")}::/64`;
}

/**
 * An IPv4 address that came in on an IPv6 socket in its own form (RFC 4291 section 2.5.5.2). Empty for
 * a peer that is gone already, of whom a socket, and so a request, has no address any more.
 */
export function plainAddress(address = ""): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
