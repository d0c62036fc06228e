import type { AddressInfo } from "node:net";

/** Where pages are to be served. */
export interface PagePlace {
  readonly bind: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** A socket that somebody opened already; address and port do not matter then. */
  readonly fd?: number | undefined;
}

/** As Node's servers take it (`net.Server.listen`). */
export interface ListenerPlace {
  host: string;
  port?: number;
  fd?: number;
}

/** What can be told where to listen: fastify, or a server of Node's in its manner. */
export interface Listener {
  listen(options: ListenerPlace): Promise<unknown>;
  readonly server: { address(): AddressInfo | string | null };
}

/** What takes the place of a port that this user may not open, or that another program has. */
const INSTEAD: Readonly<Record<number, readonly number[]>> = { 80: [8080, 0], 443: [8443, 0] };

const NOT_TO_BE_HAD = new Set(["EACCES", "EADDRINUSE"]);
/** Of a machine without IPv6. */
const NO_IPV6 = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/**
 * Listens there, or where a port is the usual one and cannot be had, at another.
 *
 * @throws {NodeJS.ErrnoException} no place can be had
 */
export async function listenForPages(app: Listener, place: PagePlace): Promise<AddressInfo> {
  const { bind, port, fd } = place;
  if (fd !== undefined) {
    await app.listen({ host: "::", fd });
    return addressOf(app);
  }
  const ports = [port, ...(INSTEAD[port] ?? [])];
  for (const [index, each] of ports.entries()) {
    try {
      return await listenAt(app, bind, each);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (!NOT_TO_BE_HAD.has(code) || index === ports.length - 1) throw error;
    }
  }
  return addressOf(app);
}

async function listenAt(app: Listener, bind: string, port: number): Promise<AddressInfo> {
  try {
    await app.listen({ host: bind, port });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (bind !== "::" || !NO_IPV6.has(code)) throw error;
    await app.listen({ host: "0.0.0.0", port });
  }
  return addressOf(app);
}

function addressOf(app: Listener): AddressInfo {
  return app.server.address() as AddressInfo;
}
