import { readFile } from "node:fs/promises";
import { BlockList, isIP, isIPv6 } from "node:net";
import { join } from "node:path";
import type { RouteFacts } from "../../domain/doctor/network-facts.ts";

/** A way to a network. */
interface Route {
  readonly network: string;
  readonly prefix: number;
  /** Null where the network is on the link itself. */
  readonly gateway: string | null;
  readonly device: string;
}

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;
const NO_ADDRESS = "00000000000000000000000000000000";

/**
 * The default routes, and which of the servers no route leads to; null without `/proc/net/route`.
 *
 * @param servers IP addresses
 */
export async function readRoutes(
  servers: readonly string[],
  root = "/",
): Promise<RouteFacts | null> {
  const read = (name: string) => readFile(join(root, "proc/net", name), "utf8").catch(() => null);
  const [v4, v6] = await Promise.all([read("route"), read("ipv6_route")]);
  if (v4 === null) return null;
  const routes = [...ipv4Routes(v4), ...ipv6Routes(v6 ?? "")];
  return {
    defaults: routes.filter(({ prefix }) => prefix === 0).map(routeText),
    unreachableServers: servers.filter((server) => !leadsTo(routes, server)),
  };
}

function routeText({ gateway, device }: Route): string {
  return gateway === null ? device : `${gateway} by ${device}`;
}

function leadsTo(routes: readonly Route[], address: string): boolean {
  const [bare = ""] = address.split("%");
  // What is no address is not asked; it is told as a server that does not answer.
  if (isIP(bare) === 0) return true;
  const family = isIPv6(bare) ? "ipv6" : "ipv4";
  const networks = new BlockList();
  networks.addSubnet("127.0.0.0", 8, "ipv4");
  networks.addAddress("::1", "ipv6");
  for (const { network, prefix } of routes) {
    networks.addSubnet(network, prefix, isIPv6(network) ? "ipv6" : "ipv4");
  }
  return networks.check(bare, family);
}

/** Lines of `/proc/net/route`: addresses as hexadecimal numbers in the machine's byte order. */
function ipv4Routes(text: string): Route[] {
  return rows(text.split("\n").slice(1)).flatMap((fields) => {
    const [device = "", destination = "", gateway = "", flags = ""] = fields;
    const mask = fields[7] ?? "";
    if (!isUsable(flags)) return [];
    const prefix = Number.parseInt(mask, 16).toString(2).replaceAll("0", "").length;
    return { network: ipv4(destination), prefix, gateway: ipv4OrNull(gateway), device };
  });
}

/** Lines of `/proc/net/ipv6_route`: destination, prefix, source, its prefix, next hop, and so on. */
function ipv6Routes(text: string): Route[] {
  return rows(text.split("\n")).flatMap((fields) => {
    const [destination = "", prefix = "", , , gateway = ""] = fields;
    const [flags = "", device = ""] = fields.slice(8);
    if (!isUsable(flags) || device === "lo") return [];
    return {
      network: ipv6(destination),
      prefix: Number.parseInt(prefix, 16),
      gateway: gateway === NO_ADDRESS ? null : ipv6(gateway),
      device,
    };
  });
}

function rows(lines: readonly string[]): string[][] {
  return lines.filter((line) => line.trim() !== "").map((line) => line.trim().split(/\s+/));
}

function isUsable(flags: string): boolean {
  const bits = Number.parseInt(flags, 16);
  return (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0;
}

/** Every machine that Node runs on for Linux keeps the lowest byte first. */
function ipv4(hex: string): string {
  return [...Buffer.from(hex, "hex")].toReversed().join(".");
}

function ipv4OrNull(hex: string): string | null {
  return Number.parseInt(hex, 16) === 0 ? null : ipv4(hex);
}

function ipv6(hex: string): string {
  const full = hex.match(/.{4}/g)?.join(":") ?? "";
  return new URL(`http://[${full}]`).hostname.slice(1, -1);
}
