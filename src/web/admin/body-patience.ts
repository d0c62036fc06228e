import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";

/** How long the body of a request is waited for, in milliseconds. */
export interface Patience {
  /** The whole of it. */
  readonly bodyMs: number;
  /** The next piece of a file from whoever may send one, and the whole of it. */
  readonly pieceMs: number;
  readonly fileMs: number;
}

/** A file has as long as whoever keeps it takes, and a little. */
const PATIENCE: Patience = {
  bodyMs: 15 * SECOND_MS,
  pieceMs: 30 * SECOND_MS,
  fileMs: 11 * MINUTE_MS,
};

/**
 * Ends requests whose bodies do not come. Node's own limit is one for all requests: a file on a slow
 * line needs more than strangers may be given.
 */
export class BodyPatience {
  readonly #patience: Patience;
  readonly #timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();
  #end: (request: IncomingMessage) => void = () => undefined;

  constructor(patience: Patience = PATIENCE) {
    this.#patience = patience;
  }

  /** Watches every request of a server, whose own limit is to be off. */
  watch(server: Server): void {
    const answers = new WeakMap<IncomingMessage, ServerResponse>();
    this.#end = (request) => endRequest(server, request, answers.get(request));
    server.prependListener("request", (request, response) => {
      if (!hasBody(request)) return;
      answers.set(request, response);
      this.#set(request, this.#patience.bodyMs, () => this.#end(request));
      request.once("close", () => clearTimeout(this.#timers.get(request)));
    });
  }

  /** Waits for a file, as long as some of it comes. */
  waitForFile(request: IncomingMessage): void {
    if (!this.#timers.has(request)) return;
    const { pieceMs, fileMs } = this.#patience;
    const endMs = performance.now() + fileMs;
    const wait = (bytes: number) =>
      this.#set(request, pieceMs, () => {
        const { bytesRead } = request.socket;
        if (bytesRead === bytes || performance.now() >= endMs) this.#end(request);
        else wait(bytesRead);
      });
    wait(request.socket.bytesRead);
  }

  #set(request: IncomingMessage, waitMs: number, then: () => void): void {
    clearTimeout(this.#timers.get(request));
    const timer = setTimeout(() => {
      if (!request.complete) then();
    }, waitMs);
    this.#timers.set(request, timer.unref());
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
}

/** As Node ends them (`http.Server.requestTimeout`). */
function endRequest(server: Server, { socket }: IncomingMessage, answer?: ServerResponse): void {
  if (answer?.headersSent) socket.destroy();
  else {
    const code = "ERR_HTTP_REQUEST_TIMEOUT";
    server.emit("clientError", Object.assign(new Error("Request timeout"), { code }), socket);
  }
}
