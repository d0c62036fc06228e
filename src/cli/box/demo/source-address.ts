import { once } from "node:events";
import { createServer } from "node:net";
import type { HostAddress } from "../../../client/host-address.ts";
import { parseHostAddress } from "../../../client/host-address.ts";

/** Machines in one 127.0.x network; its first and last addresses are left out. */
const PER_NETWORK = 250;

/** An address of the loopback network 127.0.0.0/8 for each client, from 127.0.1.1 on. */
export function loopbackAddress(index: number): string {
  return `127.0.${1 + Math.floor(index / PER_NETWORK)}.${1 + (index % PER_NETWORK)}`;
}

/** Where clients on the same machine reach a box that says it listens there. */
export function reachable(listening: string): HostAddress {
  const address = parseHostAddress(listening);
  return address.host === "::" || address.host === "0.0.0.0"
    ? { ...address, host: "127.0.0.1" }
    : address;
}

/**
 * Whether clients of that host can each have an address of their own: on Linux every address of the
 * loopback network is there from the start.
 */
export async function hasManyAddresses({ host }: HostAddress): Promise<boolean> {
  if (!host.startsWith("127.")) return false;
  const server = createServer();
  try {
    server.listen(0, loopbackAddress(0));
    await once(server, "listening");
    server.close();
    return true;
  } catch {
    return false;
  }
}
