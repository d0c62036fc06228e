import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { PublicServer, type PublicServerParts } from "../../src/web/public-server.ts";
import type { TestHost } from "./host.ts";

export interface WebHost {
  readonly host: TestHost;
  readonly server: PublicServer;
  readonly port: number;
  readonly logged: string[];
  readonly url: (path: string) => string;
}

/** A host behind a real socket on a free port; the caller stops it. */
export async function webHost(
  host: TestHost,
  patience: PublicServerParts["patience"] = {},
): Promise<WebHost> {
  const logged: string[] = [];
  const logger = pino({ level: "error" }, { write: (line: string) => void logged.push(line) });
  const { activation, report, limits, events, clock } = host;
  const server = new PublicServer({
    activation,
    report,
    limits,
    events,
    clock,
    logger,
    version: "1.2.3",
    patience,
  });
  const { port } = await server.start("127.0.0.1", 0);
  return { host, server, port, logged, url: (path) => `http://127.0.0.1:${port}${path}` };
}

/** A connection that keeps everything it hears. */
export class Peer {
  readonly socket: Socket;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  #heard: Buffer = Buffer.alloc(0);

  constructor(port: number, host = "127.0.0.1") {
    this.socket = connect({ port, host, allowHalfOpen: true });
    this.socket.on("data", (chunk) => {
      this.#heard = Buffer.concat([this.#heard, chunk]);
    });
    this.socket.on("end", () => this.socket.end());
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => this.socket.on("close", () => resolve()));
  }

  get heard(): Buffer {
    return this.#heard;
  }

  get text(): string {
    return this.#heard.toString("latin1");
  }

  /** Sends pieces as packets of their own. */
  async send(...pieces: (string | Uint8Array)[]): Promise<void> {
    for (const piece of pieces) {
      this.socket.write(piece);
      await sleep(2);
    }
  }

  /** Waits until so many answers have begun. */
  async answers(count: number): Promise<void> {
    while (this.text.split("HTTP/1.1 ").length <= count && !this.socket.destroyed) await sleep(1);
  }
}

/** A whole HTTP request with a body. */
export function post(body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    Host: "host",
    "Content-Type": "application/jose",
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /v1/activations HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}
