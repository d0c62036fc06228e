import { createSocket, type Socket } from "node:dgram";

/** A name server on loopback that hears every question and answers none, as a firewall makes one. */
export class SilentDns {
  questions = 0;
  readonly #socket: Socket = createSocket("udp4");

  static async start(): Promise<SilentDns> {
    const dns = new SilentDns();
    dns.#socket.on("message", () => {
      dns.questions++;
    });
    await new Promise<void>((resolve) => dns.#socket.bind(0, "127.0.0.1", resolve));
    return dns;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}
