import type { FastifyBaseLogger } from "fastify";
import { WebCertificate } from "./adapters/keys/web-certificate.ts";
import { NodeTimers } from "./adapters/system/node-clock.ts";
import type { Access } from "./compose-access.ts";
import type { OpenBox } from "./compose-box.ts";
import type { Config } from "./config/schema.ts";
import type { Machine } from "./ports/machine.ts";
import type { AdminServer } from "./web/admin/admin-server.ts";
import type { ApiParts } from "./web/api/api.ts";
import { Doorkeeper } from "./web/pages/doorkeeper.ts";
import { PageSite } from "./web/pages/page-site.ts";

/** Of one administrator's browsers and programs; one of TLS takes some 50 kB. */
const MOST_CONNECTIONS = 128;

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
      let server: AdminServer | undefined;
      const door = new Doorkeeper({
        maxConnections: MOST_CONNECTIONS,
        // TLS alone takes several megabytes, which most boxes do without most of the time.
        make: async () => {
          const { composeAdminServer } = await import("./compose-admin-server.ts");
          server = await composeAdminServer({ api, logger }, certificate.pair);
          return server.open();
        },
      });
      return {
        start: async (place) => {
          const address = await door.start(place);
          certificate.start((pair) => server?.use(pair));
          return address;
        },
        stop: async () => {
          certificate.stop();
          await door.stop();
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
