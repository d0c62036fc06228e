import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "../../protocol/typebox.ts";
import type { AuditLog } from "../../services/audit/audit-log.ts";

/** `GET /api/v1/audit` */
const AuditQuerySchema = Type.Object(
  {
    offset: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 50 }),
  },
  { additionalProperties: false },
);
type AuditQuery = Static<typeof AuditQuerySchema>;

const AuditPageSchema = Type.Object({
  total: Type.Integer(),
  entries: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      time: Type.String({ description: "ISO 8601" }),
      actor: Type.String(),
      source: Type.String(),
      act: Type.String(),
      target: Type.Union([Type.String(), Type.Null()]),
      outcome: Type.String({ description: "done, or the code of the refusal" }),
      previous: Type.String({ description: "hash of the entry before" }),
      hash: Type.String({ description: "SHA-256 of the line without this member" }),
    }),
    { description: "Newest first" },
  ),
});
export type AuditPage = Static<typeof AuditPageSchema>;

/** `GET /api/v1/audit/check` */
const AuditCheckSchema = Type.Object({ whole: Type.Boolean(), detail: Type.String() });
export type AuditCheckAnswer = Static<typeof AuditCheckSchema>;

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
