import type { FastifyBaseLogger } from "fastify";
import { WebCertificate } from "./adapters/keys/web-certificate.ts";
import { NodeClock, NodeTimers } from "./adapters/system/node-clock.ts";
import type { Access } from "./compose-access.ts";
import type { OpenBox } from "./compose-box.ts";
import type { Config } from "./config/schema.ts";
import type { Machine } from "./ports/machine.ts";
import { PAGES_FOLDER } from "./version.ts";
import { AdminServer } from "./web/admin/admin-server.ts";
import type { ApiParts } from "./web/api/api.ts";
import { PageAssets } from "./web/pages/assets.ts";
import { PageSite } from "./web/pages/page-site.ts";

export interface AdminWiring {
  readonly box: Pick<OpenBox, "clock" | "events">;
  readonly api: ApiParts;
  readonly access: Pick<Access, "provides">;
  readonly machine: Pick<Machine, "hostname" | "addresses">;
  readonly logger: FastifyBaseLogger;
  /** A socket that was opened for it already. */
  readonly fd: number | undefined;
}

/** The administration; `start` serves it. */
export function composeAdmin(config: Config, wiring: AdminWiring): PageSite {
  const { box, api, access, machine, logger } = wiring;
  const { bind, web, data } = config;
  const timers = new NodeTimers();
  return new PageSite({
    name: "The administration",
    scheme: "https",
    option: "web.httpsPort",
    place: { bind, port: web.httpsPort, fd: wiring.fd },
    events: box.events,
    timers,
    make: async () => {
      const certificate = await WebCertificate.open({
        folder: data,
        names: () => ownNames(machine),
        time: () => box.clock.read(),
        timers,
        events: box.events,
        // Loaded by itself, it stays beside the program that it starts.
        make: async (order) =>
          (await import("./adapters/keys/certificate-maker.ts")).makeCertificate(order),
      });
      access.provides(certificate);
      const server = new AdminServer({
        ...api,
        assets: await pages(),
        certificate: certificate.pair,
        monotonic: new NodeClock(),
        logger,
      });
      return {
        start: async (place) => {
          const address = await server.start(place);
          certificate.start((pair) => server.use(pair));
          return address;
        },
        stop: async () => {
          certificate.stop();
          await server.stop();
        },
      };
    },
  });
}

/** As people and programs on the network name this machine. */
function ownNames(machine: AdminWiring["machine"]): string[] {
  const [host = ""] = machine.hostname().split(".");
  const names = host === "" ? [] : [machine.hostname(), `${host}.local`];
  const addresses = machine.addresses().map((address) => address.split("%", 1)[0] ?? "");
  return [...new Set([...names, "localhost", ...addresses, "127.0.0.1", "::1"])];
}

/** A program that was never built has none; the API is there all the same. */
async function pages(): Promise<PageAssets | undefined> {
  try {
    const assets = await PageAssets.open(PAGES_FOLDER);
    assets.page("admin");
    return assets;
  } catch {
    return undefined;
  }
}
