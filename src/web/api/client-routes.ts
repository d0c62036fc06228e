import type { FastifyInstance } from "fastify";
import { selectClients } from "../../services/client-list.ts";
import type { HostReport } from "../../services/host-report.ts";
import { ClientPageSchema, type ClientQuery, ClientQuerySchema } from "./schemas.ts";

/** The machines that count. */
export function addClientRoutes(app: FastifyInstance, report: Pick<HostReport, "clients">): void {
  app.get<{ Querystring: ClientQuery }>(
    "/api/v1/clients",
    {
      config: { scope: "clients" },
      schema: { querystring: ClientQuerySchema, response: { 200: ClientPageSchema } },
    },
    ({ query }) => selectClients(report.clients(), query),
  );
}
