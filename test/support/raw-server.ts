import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A server on loopback that says to each connection what a test wants, HTTP or not. */
export class RawServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(serve: (socket: Socket) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
      serve(socket);
    });
  }

  static async start(serve: (socket: Socket) => void): Promise<RawServer> {
    const raw = new RawServer(serve);
    raw.#server.listen(0, "127.0.0.1");
    await once(raw.#server, "listening");
    return raw;
  }

  /** Says the same to everybody who has asked something. */
  static answering(text: string, end: "close" | "keep" = "keep"): Promise<RawServer> {
    return RawServer.start((socket) => {
      socket.once("data", () => {
        socket.write(text, "latin1");
        if (end === "close") socket.end();
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get place(): { readonly target: string; readonly port: number } {
    return { target: "127.0.0.1", port: this.port };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
