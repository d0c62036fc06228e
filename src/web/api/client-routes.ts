import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { ClientForgetter } from "../../services/client-forgetter.ts";
import { matchingClients, selectClients } from "../../services/client-list.ts";
import type { HostReport } from "../../services/host-report.ts";
import { clientCsv } from "./client-csv.ts";
import {
  type ClientFilterQuery,
  ClientFilterQuerySchema,
  ClientPageSchema,
  type ClientParams,
  ClientParamsSchema,
  type ClientQuery,
  ClientQuerySchema,
  type Forgotten,
  ForgottenSchema,
} from "./schemas.ts";

export interface ClientParts {
  readonly report: Pick<HostReport, "clients">;
  readonly forgetter: Pick<ClientForgetter, "forget">;
}

/** The machines that count. */
export function addClientRoutes(app: FastifyInstance, { report, forgetter }: ClientParts): void {
  app.get<{ Querystring: ClientQuery }>(
    "/api/v1/clients",
    {
      config: { scope: "clients" },
      schema: { querystring: ClientQuerySchema, response: { 200: ClientPageSchema } },
    },
    ({ query }) => selectClients(report.clients(), query),
  );
  // In the order of the ledger, so that a million of them need no more memory than one.
  app.get<{ Querystring: ClientFilterQuery }>(
    "/api/v1/clients.csv",
    { config: { scope: "clients" }, schema: { querystring: ClientFilterQuerySchema } },
    ({ query }, reply) =>
      reply
        .type("text/csv; charset=utf-8; header=present")
        .header("content-disposition", 'attachment; filename="kms-clients.csv"')
        .send(Readable.from(clientCsv(matchingClients(report.clients(), query)))),
  );
  app.delete<{ Params: ClientParams }>(
    "/api/v1/clients/:cmid",
    {
      config: { scope: "manage", act: "forget-client" },
      schema: { params: ClientParamsSchema, response: { 200: ForgottenSchema } },
    },
    async ({ params, caller }, reply): Promise<Forgotten> => {
      const cmid = params.cmid.toLowerCase();
      const records = await forgetter.forget(cmid, caller.name);
      const hostname = records[0]?.hostname ?? "";
      reply.actTarget = `${cmid} ${hostname}`;
      return { cmid, hostname, products: records.map(({ product }) => product) };
    },
  );
}
