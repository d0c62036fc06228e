import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type ListenerPlace, listenForPages, type PagePlace } from "./listening.ts";
import type { PageServer } from "./page-site.ts";

/** What is given connections, and listens nowhere itself. */
export interface ServerBehind {
  readonly server: HttpServer;
  /** Answers what was asked, and ends every connection. */
  stop(): Promise<void>;
}

export interface DoorkeeperParts {
  /** Called when the first connection comes, and again at the next one if it fails. */
  readonly make: () => Promise<ServerBehind>;
  /** Connections that are open at once. */
  readonly maxConnections: number;
}

/**
 * Holds a port, and has the server behind it made when somebody comes: until then that costs next to
 * nothing. Most boxes are administered some minutes a month.
 */
export class Doorkeeper implements PageServer {
  readonly #make: DoorkeeperParts["make"];
  /** Nothing of a connection is read before it is handed on. */
  readonly #door = createServer({ pauseOnConnect: true });
  readonly #waiting = new Set<Socket>();
  #behind: Promise<ServerBehind> | undefined;

  constructor({ make, maxConnections }: DoorkeeperParts) {
    this.#make = make;
    this.#door.maxConnections = maxConnections;
  }

  /** @throws {NodeJS.ErrnoException} no place can be had */
  async start(place: PagePlace): Promise<AddressInfo> {
    const door = this.#door;
    door.on("connection", (socket) => void this.#handOn(socket));
    const listen = async (options: ListenerPlace) => {
      door.listen(options);
      await once(door, "listening");
    };
    return listenForPages({ listen, server: door }, place);
  }

  /** Resolves when the last connection has ended. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#door.close(() => resolve()));
    for (const socket of this.#waiting) socket.destroy();
    const behind = await this.#behind?.catch(() => undefined);
    await behind?.stop();
    await ended;
  }

  async #open(): Promise<ServerBehind> {
    const behind = await this.#make();
    // Node watches from then on how long requests take.
    behind.server.emit("listening");
    return behind;
  }

  async #handOn(socket: Socket): Promise<void> {
    // A peer that resets its connection is no event of ours.
    socket.on("error", () => undefined);
    this.#waiting.add(socket);
    try {
      this.#behind ??= this.#open();
      const { server } = await this.#behind;
      if (socket.destroyed) return;
      server.emit("connection", socket);
      socket.resume();
    } catch {
      this.#behind = undefined;
      socket.destroy();
    } finally {
      this.#waiting.delete(socket);
    }
  }
}
