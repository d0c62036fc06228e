import type { Server } from "node:http";
import type { Socket } from "node:net";
import { QuotaLimit } from "../domain/rate-limit.ts";
import { plainAddress } from "../domain/source-address.ts";
import { HOUR_MS, SECOND_MS } from "../domain/units.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import { bindNak, DCERPC_HEADER_BYTES, isDcerpcBind } from "../protocol/dcerpc.ts";
import type { ConnectionBounds } from "./pages/connection-limits.ts";

/** How long a connection may take to show what it speaks. */
const SILENCE_MS = 10 * SECOND_MS;
/** Connections open at once, in all and from one address, which may be a whole office's NAT. */
const BOUNDS: ConnectionBounds = { inAll: 2048, perSource: 256 };

type Foreign = "dcerpc" | "tls" | "unknown";
type Speech = "http" | Foreign | "undecided";

/**
 * Looks at the first bytes of every connection and lets only HTTP through to the HTTP server.
 * Others are answered in their own manner where one exists, closed, and named in the event log once
 * an hour for each source and kind.
 */
export class FrontDoor {
  readonly #events: EventLog;
  readonly #clock: Clock;
  readonly #bounds: ConnectionBounds;
  readonly #named = new QuotaLimit(1, HOUR_MS);
  readonly #sockets = new Set<Socket>();
  /** Those that have not shown yet what they speak. */
  readonly #silent = new Set<Socket>();
  /** The oldest first. */
  readonly #perSource = new Map<string, Set<Socket>>();

  constructor(events: EventLog, clock: Clock, bounds = BOUNDS) {
    this.#events = events;
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Steps between the server's sockets and its HTTP parser. */
  guard(server: Server): void {
    const serve = server.listeners("connection");
    server.removeAllListeners("connection");
    server.on("connection", (socket: Socket) => {
      if (!this.#admit(socket)) return;
      this.#listen(socket, () => {
        for (const listener of serve) listener.call(server, socket);
      });
    });
  }

  /** Ends every connection on which nothing was asked yet. */
  destroySilent(): void {
    for (const socket of this.#silent) socket.destroy();
  }

  /** Ends every connection, finished or not. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #admit(socket: Socket): boolean {
    // A peer that is gone before it was accepted has no address any more.
    const source = plainAddress(socket.remoteAddress ?? "");
    const open = this.#perSource.get(source) ?? new Set();
    if (source === "" || open.size >= this.#bounds.perSource) {
      socket.destroy();
      return false;
    }
    if (this.#sockets.size >= this.#bounds.inAll) this.#makeRoom();
    this.#sockets.add(socket);
    this.#perSource.set(source, open.add(socket));
    socket.once("close", () => this.#forget(socket, source));
    // A peer that resets its connection is no event of ours; "close" follows.
    socket.on("error", () => undefined);
    return true;
  }

  /**
   * Whoever has most connections gives up the oldest, so that a machine with a handful of addresses
   * cannot hold all of them against everybody else.
   */
  #makeRoom(): void {
    let largest: readonly [string, ReadonlySet<Socket>] = ["", new Set()];
    for (const each of this.#perSource) if (each[1].size > largest[1].size) largest = each;
    const [source, open] = largest;
    const [oldest] = open;
    if (!oldest) return;
    this.#forget(oldest, source);
    oldest.destroy();
  }

  #forget(socket: Socket, source: string): void {
    this.#sockets.delete(socket);
    const open = this.#perSource.get(source);
    open?.delete(socket);
    if (open?.size === 0) this.#perSource.delete(source);
  }

  #listen(socket: Socket, serve: () => void): void {
    let start: Buffer = Buffer.alloc(0);
    const leave = () => socket.destroy();
    const timer = setTimeout(leave, SILENCE_MS).unref();
    const hear = (chunk: Buffer) => {
      start = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
      const speech = recognise(start);
      if (speech === "undecided") return;
      heard();
      if (speech !== "http") return this.#turnAway(socket, speech, start);
      socket.pause();
      socket.unshift(start);
      serve();
      socket.resume();
    };
    const heard = () => {
      clearTimeout(timer);
      this.#silent.delete(socket);
      socket.off("data", hear).off("end", leave).off("close", heard);
    };
    this.#silent.add(socket);
    // HTTP lets a peer close its half and wait for the answer; here there is nothing to answer.
    socket.on("data", hear).on("end", leave).on("close", heard);
  }

  #turnAway(socket: Socket, speech: Foreign, start: Buffer): void {
    const source = plainAddress(socket.remoteAddress ?? "");
    if (speech === "dcerpc") socket.end(bindNak(start));
    else socket.destroy();
    setTimeout(() => socket.destroy(), SECOND_MS).unref();
    socket.resume();
    if (this.#named.take(`${source} ${speech}`, this.#clock.monotonicMs()) > 0) return;
    this.#events.record("foreign-protocol", `${source} ${FOREIGN[speech]}`, {
      source,
      protocol: speech,
    });
  }
}

const FOREIGN: Readonly<Record<Foreign, string>> = {
  dcerpc:
    "spoke DCE/RPC, as clients of another maker's KMS do. This host does not serve them: point " +
    "them to their own host.",
  tls: "spoke TLS. This port takes plain HTTP; answers are signed.",
  unknown: "sent bytes that are no HTTP request.",
};

/** HTTP methods are written in capitals (RFC 9110 section 9.1). */
function recognise(start: Buffer): Speech {
  const [first = 0, second] = start;
  if (first >= 0x41 && first <= 0x5a) return "http";
  if (first === 0x16) {
    if (second === undefined) return "undecided";
    return second === 0x03 ? "tls" : "unknown";
  }
  if (first !== 0x05) return "unknown";
  if (start.length < 3) return "undecided";
  if (!isDcerpcBind(start)) return "unknown";
  return start.length < DCERPC_HEADER_BYTES ? "undecided" : "dcerpc";
}
