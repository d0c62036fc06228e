import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import multicastDns from "multicast-dns";
import type { MdnsQuestion, MdnsRecord } from "../domain/dns-sd.ts";
import { type MdnsMessage, readMdnsMessage } from "../domain/dns-sd-reading.ts";

export const MDNS_PORT = 5353;

const GROUPS = { udp4: "224.0.0.251", udp6: "ff02::fb" };
/** RFC 6762 section 11; routers do not pass these groups on, whatever the count. */
const HOPS = 255;
/** A machine with more has no use for them all. */
const MOST_LINKS = 16;

/** An interface of this machine, with what multicast needs to know of it. */
export interface LinkInterface {
  readonly name: string;
  /** IPv6 only where the interface has no IPv4 address. */
  readonly family: "udp4" | "udp6";
  /** By which the system names the interface when it is about multicast. */
  readonly handle: string;
  /** Where packets come from, if that can be told. */
  readonly local: string;
  /** With the length of their prefixes. */
  readonly cidrs: readonly string[];
}

/** What is sent. */
export interface MdnsPacket {
  readonly id?: number;
  readonly type: "query" | "response";
  readonly flags?: number;
  readonly questions?: readonly MdnsQuestion[];
  readonly answers?: readonly MdnsRecord[];
  readonly authorities?: readonly MdnsRecord[];
  readonly additionals?: readonly MdnsRecord[];
}

export interface LinkOptions {
  /** Whether to hear what others ask, or only what is answered to what is asked here. */
  readonly role: "answer" | "ask";
  /** 5353 unless tests say otherwise. */
  readonly port?: number;
  readonly heard: (message: MdnsMessage, from: RemoteInfo) => void;
}

/** The interfaces that may lead to other machines. A sandbox may forbid to look: then none. */
export function linkInterfaces(look = networkInterfaces): LinkInterface[] {
  try {
    const named = Object.entries(look()).map(([name, addresses = []]): LinkInterface[] => {
      const own = addresses.filter(({ internal }) => !internal);
      const cidrs = own.flatMap(({ cidr }) => cidr ?? []);
      const ipv4 = own.find(({ family }) => family === "IPv4");
      if (ipv4) {
        const { address } = ipv4;
        return [{ name, family: "udp4", handle: address, local: address, cidrs }];
      }
      const ipv6 = own.find(({ family }) => family === "IPv6");
      if (ipv6?.family !== "IPv6") return [];
      const zone = process.platform === "win32" ? ipv6.scopeid : name;
      return [{ name, family: "udp6", handle: `::%${zone}`, local: "::", cidrs }];
    });
    return named.flat().slice(0, MOST_LINKS);
  } catch {
    return [];
  }
}

/**
 * Multicast DNS on one interface alone: a socket for all of them would send where the default route
 * leads, and nowhere on a network without one. What arrives broken is left out.
 */
export class MdnsLink {
  readonly interface: LinkInterface;
  readonly #socket: Socket;
  readonly #mdns: multicastDns.MulticastDns;
  readonly #group: { readonly address: string; readonly port: number };
  #closed = false;

  private constructor(link: LinkInterface, socket: Socket, port: number) {
    const address = GROUPS[link.family];
    this.interface = link;
    this.#socket = socket;
    this.#group = { address, port };
    this.#mdns = multicastDns({ socket, bind: false, multicast: false, ip: address, port });
    // An address that is unreachable is told by the next packet, and a broken one by nobody.
    this.#mdns.on("error", () => undefined).on("warning", () => undefined);
  }

  /** Rejects with the system's error, such as EADDRINUSE. */
  static async open(link: LinkInterface, options: LinkOptions): Promise<MdnsLink> {
    const { role, port = MDNS_PORT, heard } = options;
    const socket = createSocket({ type: link.family, reuseAddr: role === "answer" });
    try {
      if (role === "answer") await bind(socket, port, listenAddress(link));
      else await bind(socket, 0, link.local);
      socket.setMulticastTTL(HOPS);
      socket.setMulticastLoopback(true);
      socket.setMulticastInterface(link.handle);
      if (role === "answer") socket.addMembership(GROUPS[link.family], link.handle);
    } catch (error) {
      socket.close();
      throw error;
    }
    const opened = new MdnsLink(link, socket, port);
    opened.#mdns.on("packet", (packet, from) => {
      const message = opened.#closed ? undefined : readMdnsMessage(packet);
      if (message) heard(message, from);
    });
    return opened;
  }

  /** Sends to all on the link, or to one. Rejects with the system's error. */
  send(packet: MdnsPacket, to: { address: string; port: number } = this.#group): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#mdns.send(packet, { address: to.address, port: to.port }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Whether the kernel had forgotten that this socket listens, as when an interface went and came. */
  rejoin(): boolean {
    try {
      this.#socket.addMembership(GROUPS[this.interface.family], this.interface.handle);
      return true;
    } catch {
      // It is a member as it should be, or the interface is gone, which its absence tells.
      return false;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => this.#mdns.destroy(resolve));
  }
}

/**
 * The group itself: what is sent to this machine alone is for another program, such as the system's
 * own responder. Windows cannot listen on a group.
 */
function listenAddress({ name, family }: LinkInterface): string {
  if (process.platform === "win32") return family === "udp4" ? "0.0.0.0" : "::";
  return family === "udp4" ? GROUPS.udp4 : `${GROUPS.udp6}%${name}`;
}

async function bind(socket: Socket, port: number, address: string): Promise<void> {
  socket.bind(port, address);
  await once(socket, "listening");
}
