import type { MdnsMessage } from "../../src/domain/dns-sd-reading.ts";
import { type LinkInterface, MdnsLink, type MdnsPacket } from "../../src/platform/mdns-link.ts";

/** A link that this machine is alone on, so that tests see nobody and nobody sees them. */
export const LOOPBACK: LinkInterface = {
  name: "lo",
  family: "udp4",
  handle: "127.0.0.1",
  local: "127.0.0.1",
  cidrs: ["127.0.0.1/8"],
};

/** A port of its own for each test, so that they do not hear one another. */
export function mdnsPort(): number {
  return 20_000 + Math.floor(Math.random() * 12_000);
}

/** Another machine on the link: says what it is told to and hears everything. */
export class Neighbour {
  readonly heard: MdnsMessage[] = [];
  #link: MdnsLink | undefined;

  static async join(port: number, role: "answer" | "ask" = "answer"): Promise<Neighbour> {
    const neighbour = new Neighbour();
    neighbour.#link = await MdnsLink.open(LOOPBACK, {
      role,
      port,
      heard: (message) => neighbour.heard.push(message),
    });
    return neighbour;
  }

  async say(packet: MdnsPacket): Promise<void> {
    await this.#link?.send(packet);
  }

  get responses(): MdnsMessage[] {
    return this.heard.filter(({ isResponse }) => isResponse);
  }

  async leave(): Promise<void> {
    await this.#link?.close();
  }
}

/** Waits until something is so, for at most three seconds. */
export async function until(isSo: () => boolean, mostMs = 3000): Promise<void> {
  const endMs = performance.now() + mostMs;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error("It did not happen in time.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
