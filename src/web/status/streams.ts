import type { ServerResponse } from "node:http";

/** Pages that are kept up to date at once, in all and from one address. */
export const MOST_STREAMS = 200;
export const MOST_STREAMS_PER_SOURCE = 32;
/** What a reader may be behind; two whole pages and a few pictures fit in. */
const MOST_WAITING_BYTES = 64 * 1024;

/** The browsers that hear of changes. One that does not read is let go, so that it holds no memory. */
export class Streams {
  readonly #streams = new Map<ServerResponse, string>();

  get size(): number {
    return this.#streams.size;
  }

  hasRoom(source: string): boolean {
    if (this.#streams.size >= MOST_STREAMS) return false;
    let open = 0;
    for (const other of this.#streams.values()) if (other === source) open++;
    return open < MOST_STREAMS_PER_SOURCE;
  }

  /** @param onEmpty called when the last one has gone */
  add(response: ServerResponse, source: string, onEmpty: () => void): void {
    this.#streams.set(response, source);
    response.once("close", () => {
      this.#streams.delete(response);
      if (this.#streams.size === 0) onEmpty();
    });
    response.on("error", () => undefined);
  }

  /** Sends the same bytes to all. */
  send(bytes: Buffer): void {
    for (const response of this.#streams.keys()) this.sendTo(response, bytes);
  }

  sendTo(response: ServerResponse, bytes: Buffer): void {
    if (response.writableLength + bytes.length > MOST_WAITING_BYTES) response.destroy();
    else response.write(bytes);
  }

  endAll(): void {
    for (const response of this.#streams.keys()) response.end();
  }
}

/** One message of the server-sent events (HTML standard, section 9.2); JSON has no line breaks. */
export function eventBytes(event: string, data: object): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Keeps connections open that nothing is to be told on, and finds those that are gone. */
export const HEARTBEAT = Buffer.from(": still here\n\n");
