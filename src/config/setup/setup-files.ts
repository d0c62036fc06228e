import { isIP } from "node:net";
import type { SetupNetwork, TsigKey } from "./setup-schema.ts";

/** Constant, so that the network's profile stays the same one whatever is in it. */
const PROFILE_UUID = "3f0c8a52-7a41-4f0e-9d86-6b6d732d626f";

/** A wired connection as NetworkManager keeps it (nm-settings-keyfile(5)). */
export function networkProfile(network: SetupNetwork): string {
  const { dnsServers = [], searchDomains = [] } = network;
  const named = network.interface === undefined ? [] : [`interface-name=${network.interface}`];
  const section = (family: "ipv4" | "ipv6", version: 4 | 6) => {
    const fixed = network[family];
    const servers = dnsServers.filter((each) => isIP(each) === version);
    return [
      `[${family}]`,
      ...(fixed === undefined ? ["method=auto"] : ["method=manual", `address1=${fixed.address}`]),
      ...(fixed?.gateway === undefined ? [] : [`gateway=${fixed.gateway}`]),
      ...(servers.length > 0 ? [`dns=${listed(servers)}`] : []),
      ...(searchDomains.length > 0 ? [`dns-search=${listed(searchDomains)}`] : []),
      // Who names the servers wants those alone, not also what DHCP or the router names.
      ...(fixed === undefined && dnsServers.length > 0 ? ["ignore-auto-dns=true"] : []),
      "",
    ];
  };
  return [
    HEAD,
    "[connection]",
    "id=kms-box",
    `uuid=${PROFILE_UUID}`,
    "type=ethernet",
    ...named,
    // Before those that the system makes for any wired network.
    "autoconnect-priority=100",
    "",
    ...section("ipv4", 4),
    ...section("ipv6", 6),
  ].join("\n");
}

const HEAD = "# Written by kms-box setup from kms-box.json on the boot partition.";

function listed(values: readonly string[]): string {
  return values.map((value) => `${value};`).join("");
}

/** A drop-in of timesyncd.conf(5); the empty assignment drops what others named. */
export function timesyncdDropIn(servers: readonly string[]): string {
  return `${HEAD}\n[Time]\nNTP=\nNTP=${servers.join(" ")}\n`;
}

/** A sources file of chrony.conf(5). */
export function chronySources(servers: readonly string[]): string {
  return `${HEAD}\n${servers.map((server) => `server ${server} iburst\n`).join("")}`;
}

/** A key file as tsig-keygen writes it. */
export function tsigKeyText({ name, algorithm }: TsigKey, secret: string): string {
  return `key "${name}" {\n\talgorithm ${algorithm};\n\tsecret "${secret}";\n};\n`;
}

/** A drop-in of sshd_config(5): keys beside those that an account has of its own. */
export function sshdDropIn(folder: string): string {
  return `${HEAD}\nAuthorizedKeysFile .ssh/authorized_keys .ssh/authorized_keys2 ${folder}/%u\n`;
}

/** hosts(5) with the machine's own name, so that it resolves without a network. */
export function hostsText(before: string, hostName: string): string {
  const own = `127.0.1.1\t${hostName}`;
  const lines = before.split("\n");
  const at = lines.findIndex((line) => /^\s*127\.0\.1\.1\s/.test(line));
  if (at >= 0) return lines.with(at, own).join("\n");
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${own}\n`;
}
