import type { Server } from "node:http";
import type { Socket } from "node:net";
import { plainAddress } from "../../domain/source-address.ts";
import { SECOND_MS } from "../../domain/units.ts";

/** How long a peer is waited for, in milliseconds; options of Node's servers. */
export const PAGE_PATIENCE = {
  headersTimeout: 10 * SECOND_MS,
  requestTimeout: 15 * SECOND_MS,
  keepAliveTimeout: 10 * SECOND_MS,
  connectionsCheckingInterval: 5 * SECOND_MS,
  maxHeaderSize: 8 * 1024,
} as const;

/** Connections that are open at once, in all and from one address, which may be a whole office's. */
export interface ConnectionBounds {
  readonly inAll: number;
  readonly perSource: number;
}

/** Ends every connection beyond the bounds as it comes; those before are not hindered. */
export function limitConnections(server: Server, { inAll, perSource }: ConnectionBounds): void {
  const open = new Map<string, number>();
  server.maxConnections = inAll;
  server.prependListener("connection", (socket: Socket) => {
    const source = plainAddress(socket.remoteAddress ?? "");
    const count = (open.get(source) ?? 0) + 1;
    open.set(source, count);
    socket.once("close", () => {
      const left = (open.get(source) ?? 1) - 1;
      if (left === 0) open.delete(source);
      else open.set(source, left);
    });
    if (count > perSource) socket.destroy();
  });
}
