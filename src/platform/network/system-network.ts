import type { AddressFact } from "../../domain/doctor/network-facts.ts";
import type { NetworkProbes } from "../../ports/network-probes.ts";
import { readAddresses, readLinks } from "./adapters.ts";
import { probeUses } from "./address-use.ts";
import { askNameServer, readNameServers } from "./name-servers.ts";
import { readRoutes } from "./routes.ts";

export interface SystemNetworkOptions {
  /** Where the system's files are; another folder in tests. */
  readonly root?: string;
  /** `ADDR` or `ADDR:PORT` of the only name server to ask, instead of the system's. */
  readonly nameServer?: string;
}

/** Links, addresses, routes and name servers as the system has them; most of it on Linux only. */
export class SystemNetwork implements NetworkProbes {
  readonly #root: string;
  readonly #nameServer: string | undefined;

  constructor({ root = "/", nameServer }: SystemNetworkOptions = {}) {
    this.#root = root;
    this.#nameServer = nameServer;
  }

  links() {
    return readLinks(this.#root);
  }

  /** A sandbox that forbids netlink sockets makes the system's call throw: then there are none. */
  async addresses() {
    try {
      return readAddresses();
    } catch {
      return [];
    }
  }

  uses(addresses: readonly AddressFact[]) {
    return probeUses(addresses, { root: this.#root });
  }

  async routes() {
    return readRoutes((await readNameServers(this.#root)) ?? [], this.#root);
  }

  async nameServers(name: string) {
    const servers =
      this.#nameServer === undefined ? await readNameServers(this.#root) : [this.#nameServer];
    return servers && Promise.all(servers.map((server) => askNameServer(server, name)));
  }
}
