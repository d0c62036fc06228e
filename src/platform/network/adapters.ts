import { readdir, readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { isLinkLocal } from "../../domain/dns-names.ts";
import type { AddressFact, LinkFact } from "../../domain/doctor/network-facts.ts";

/** Interfaces that lead to containers, virtual machines or private networks, not to the office. */
export const VIRTUAL =
  /^(docker|podman|veth|br-|virbr|lxc|lxd|cni|flannel|cali|dummy|ifb|tun|tap|wg|zt|tailscale)/;

const IFF_UP = 1;

/** Network adapters that may lead to the office; null where there is no `/sys/class/net`. */
export async function readLinks(root = "/"): Promise<LinkFact[] | null> {
  const folder = join(root, "sys/class/net");
  const names = await readdir(folder).catch(() => null);
  if (names === null) return null;
  const real = names.filter((name) => name !== "lo" && !VIRTUAL.test(name));
  return Promise.all(
    real.map(async (name) => {
      const read = (file: string) =>
        readFile(join(folder, name, file), "utf8").then(
          (text) => text.trim(),
          () => undefined,
        );
      const flags = Number(await read("flags"));
      return { name, state: stateOf(flags, await read("operstate"), await read("carrier")) };
    }),
  );
}

/** The carrier of an adapter that is turned off cannot be read. */
function stateOf(
  flags: number,
  operstate: string | undefined,
  carrier: string | undefined,
): LinkFact["state"] {
  if ((flags & IFF_UP) === 0) return Number.isNaN(flags) ? "unknown" : "off";
  if (operstate === "up") return "up";
  if (carrier === undefined) return "unknown";
  // Drivers that do not keep the state up to date say "unknown"; then the carrier tells.
  return carrier === "1" && operstate === "unknown" ? "up" : "no-carrier";
}

/** Addresses of adapters that may lead to the office, or of virtual ones where there is no other. */
export function readAddresses(interfaces = networkInterfaces): AddressFact[] {
  const found = Object.entries(interfaces()).flatMap(([device, addresses = []]) =>
    addresses
      .filter(({ internal }) => !internal)
      .map(({ address }) => ({ address, device, linkLocal: isLinkLocal(address) })),
  );
  const real = found.filter(({ device }) => !VIRTUAL.test(device));
  return real.length > 0 ? real : found;
}
