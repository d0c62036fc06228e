import { type Static, Type } from "../../protocol/typebox.ts";

/** `GET /api/v1/audit` */
export const AuditQuerySchema = Type.Object(
  {
    offset: Type.Integer({ minimum: 0, maximum: 100_000, default: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 50 }),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuerySchema>;

export const AuditPageSchema = Type.Object({
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
export const AuditCheckSchema = Type.Object({ whole: Type.Boolean(), detail: Type.String() });
export type AuditCheckAnswer = Static<typeof AuditCheckSchema>;
