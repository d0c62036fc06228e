import { once } from "node:events";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A real server that gets what is posted, and answers as it is told to. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  answer: (reply: ServerResponse, number: number) => void = (reply) => reply.writeHead(204).end();
  readonly #server;
  readonly #scheme: string;

  /** @param tls its key and certificate in PEM; without them it speaks plain HTTP */
  constructor(tls?: { key: string; cert: string }) {
    const handler = (request: IncomingMessage, reply: ServerResponse) => {
      void text(request).then((body) => {
        const { method = "", url = "", headers } = request;
        this.received.push({ method, url, headers, body });
        this.answer(reply, this.received.length);
      });
    };
    this.#scheme = tls ? "https" : "http";
    this.#server = tls ? createHttps(tls, handler) : createHttp(handler);
  }

  async start(port = 0): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = "/hook?channel=1"): string {
    return `${this.#scheme}://127.0.0.1:${this.port}${path}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
