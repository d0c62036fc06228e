import { type AdminWiring, composeAdmin } from "./compose-admin.ts";
import { composeStatus, type StatusWiring } from "./compose-status.ts";
import type { Config } from "./config/schema.ts";

export type PagesWiring = Omit<StatusWiring & AdminWiring, "httpsPort" | "fd"> & {
  /** Sockets that were opened already, by their names. */
  readonly sockets: ReadonlyMap<string, number> | undefined;
};

/** The ports for which the installed box gets sockets; where others are chosen, those do not matter. */
const SOCKETS: Readonly<Record<number, string>> = { 80: "http", 443: "https" };

/** The box's pages as they are served. */
export interface Pages {
  /** Of the public page; null while it is not served. */
  readonly port: number | null;
  /** Of the administration; null while it is not served. */
  readonly httpsPort: number | null;
  stop(): Promise<void>;
}

/** Serves the pages, or goes on trying to; loaded once clients are served. */
export async function composePages(config: Config, wiring: PagesWiring): Promise<Pages> {
  const fdOf = (port: number) => wiring.sockets?.get(SOCKETS[port] ?? "");
  const admin = composeAdmin(config, { ...wiring, fd: fdOf(config.web.httpsPort) });
  const httpsPort = () => admin.port;
  const status = composeStatus(config, { ...wiring, httpsPort, fd: fdOf(config.web.port) });
  await status.start();
  // A small machine takes seconds to make the first certificate.
  void admin.start();
  return {
    get port() {
      return status.port;
    },
    get httpsPort() {
      return httpsPort();
    },
    stop: async () => {
      await Promise.all([status.stop(), admin.stop()]);
    },
  };
}
