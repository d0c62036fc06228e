import { type AdminWiring, composeAdmin } from "./compose-admin.ts";
import { composeStatus, type StatusWiring } from "./compose-status.ts";
import type { Config } from "./config/schema.ts";

export type PagesWiring = Omit<StatusWiring, "httpsPort"> & AdminWiring;

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
  const admin = composeAdmin(config, wiring);
  const httpsPort = () => admin.port;
  const status = composeStatus(config, { ...wiring, httpsPort });
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
