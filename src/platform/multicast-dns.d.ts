/** The package brings no types of its own; these are of what is used here. */
declare module "multicast-dns" {
  import type { RemoteInfo, Socket } from "node:dgram";
  import type { EventEmitter } from "node:events";

  function multicastDns(options: multicastDns.Options): multicastDns.MulticastDns;

  namespace multicastDns {
    interface Options {
      /** Already bound. */
      readonly socket: Socket;
      readonly bind: false;
      readonly multicast: false;
      /** Multicast group. */
      readonly ip: string;
      readonly port: number;
    }

    interface MulticastDns
      extends EventEmitter<{
        packet: [packet: unknown, from: RemoteInfo];
        error: [error: Error];
        warning: [error: Error];
      }> {
      send(
        packet: object,
        to: { readonly address: string; readonly port: number },
        done: (error?: Error | null) => void,
      ): void;
      destroy(done: () => void): void;
    }
  }

  export = multicastDns;
}
