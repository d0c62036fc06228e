import { NodeClock } from "./adapters/system/node-clock.ts";
import type { AdminWiring } from "./compose-admin.ts";
import { PAGES_FOLDER, VERSION } from "./version.ts";
import { AdminServer, type AdminServerParts } from "./web/admin/admin-server.ts";
import { PageAssets } from "./web/pages/assets.ts";

/** The administration's server; loaded when the first administrator comes. */
export async function composeAdminServer(
  { api, logger }: Pick<AdminWiring, "api" | "logger">,
  certificate: AdminServerParts["certificate"],
): Promise<AdminServer> {
  const monotonic = new NodeClock();
  return new AdminServer({
    ...api,
    ...(await pages()),
    certificate,
    monotonic,
    logger,
    version: VERSION,
  });
}

/** A program that was never built has none; the API is there all the same. */
async function pages(): Promise<Pick<AdminServerParts, "assets" | "files">> {
  try {
    const assets = await PageAssets.open(PAGES_FOLDER);
    return { assets, files: assets.page("admin") };
  } catch {
    return { assets: undefined, files: undefined };
  }
}
