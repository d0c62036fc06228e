import { BlockList, isIP } from "node:net";
import { isHostName, isLinkLocal } from "../../domain/dns-names.ts";
import { parseCidr } from "../config.ts";
import type { SetupNetwork } from "./setup-schema.ts";

const INTERFACE = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** What no schema can say of `network` and the time servers. */
export function networkFaults(network: SetupNetwork): string[] {
  const { dnsServers = [], searchDomains = [] } = network;
  const faults = [
    ...addressFaults("ipv4", network.ipv4),
    ...addressFaults("ipv6", network.ipv6),
    ...dnsServers
      .filter((each) => isIP(each) === 0)
      .map((each) => `dnsServers: "${each}" is no address such as 192.0.2.1`),
    ...searchDomains
      .filter((each) => !isHostName(each))
      .map((each) => `searchDomains: "${each}" is no domain such as office.example`),
  ];
  if (network.interface !== undefined && !INTERFACE.test(network.interface)) {
    faults.unshift(`interface: "${network.interface}" is no network interface such as eth0`);
  }
  return faults.map((fault) => `network.${fault}`);
}

const EXAMPLES = { ipv4: "192.0.2.10/24", ipv6: "2001:db8::10/64" } as const;

function addressFaults(family: "ipv4" | "ipv6", fixed: SetupNetwork["ipv4"]): string[] {
  if (fixed === undefined) return [];
  const { address, gateway } = fixed;
  const cidr = address.includes("/") ? parseCidr(address) : undefined;
  if (cidr?.family !== family || cidr.prefix === 0) {
    return [`${family}.address: "${address}" is no ADDRESS/PREFIX such as ${EXAMPLES[family]}`];
  }
  if (gateway === undefined) return [];
  if (isIP(gateway) !== Number(family.slice(3))) {
    const [example] = EXAMPLES[family].split("/");
    return [`${family}.gateway: "${gateway}" is no address such as ${example}`];
  }
  if (gateway === cidr.address) return [`${family}.gateway: ${gateway} is the box's own address`];
  const net = new BlockList();
  net.addSubnet(cidr.address, cidr.prefix, family);
  // An IPv6 router is usually named by the address that it has on the link.
  if (net.check(gateway, family) || (family === "ipv6" && isLinkLocal(gateway))) return [];
  return [`${family}.gateway: ${gateway} is not in the network ${address}`];
}
