import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { AuditLog } from "../../services/audit/audit-log.ts";
import {
  AuditCheckSchema,
  AuditPageSchema,
  type AuditQuery,
  AuditQuerySchema,
} from "./audit-schemas.ts";

/** What was done to the box, by whom. */
export function addAuditRoutes(
  app: FastifyInstance,
  audit: Pick<AuditLog, "page" | "export" | "check">,
): void {
  app.get<{ Querystring: AuditQuery }>(
    "/api/v1/audit",
    {
      config: { scope: "administration" },
      schema: { querystring: AuditQuerySchema, response: { 200: AuditPageSchema } },
    },
    ({ query: { offset, limit } }) => audit.page(offset, limit),
  );
  app.get(
    "/api/v1/audit/export",
    { config: { scope: "administration", act: "export-audit-log" } },
    (_request, reply) =>
      reply
        .type("application/jsonl; charset=utf-8")
        .header("content-disposition", 'attachment; filename="kms-box-audit.jsonl"')
        .send(Readable.from(audit.export())),
  );
  app.get(
    "/api/v1/audit/check",
    { config: { scope: "administration" }, schema: { response: { 200: AuditCheckSchema } } },
    () => audit.check(),
  );
}
