import type { FastifyInstance } from "fastify";
import type { DnsKeys } from "../../ports/dns-keys.ts";
import { type DnsKeyBody, DnsKeyChangeSchema, DnsKeySchema } from "./dns-schemas.ts";

const PATH = "/api/v1/dns/domains/:domain/key";

interface Domain {
  readonly domain: string;
}

/** Takes the keys of domains; hands none out. */
export function addDnsKeyRoutes(app: FastifyInstance, keys: DnsKeys): void {
  const response = { 200: DnsKeyChangeSchema };
  app.put<{ Params: Domain; Body: DnsKeyBody }>(
    PATH,
    {
      config: { scope: "manage", act: "set-dns-key" },
      schema: { body: DnsKeySchema, response },
    },
    ({ params, body }) => keys.put(params.domain, body),
  );
  app.delete<{ Params: Domain }>(
    PATH,
    { config: { scope: "manage", act: "remove-dns-key" }, schema: { response } },
    ({ params }) => keys.remove(params.domain),
  );
}
