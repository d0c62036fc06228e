import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "../../protocol/typebox.ts";
import type { BackupNews } from "../../services/backup-news.ts";

/** `POST /api/v1/backup/told` */
const BackupToldSchema = Type.Union([
  Type.Object(
    {
      made: Type.Literal(true),
      file: Type.String({ maxLength: 4096 }),
      bytes: Type.Integer({ minimum: 0 }),
      usb: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      made: Type.Literal(false),
      reason: Type.String({ maxLength: 4096 }),
      usb: Type.Boolean(),
    },
    { additionalProperties: false },
  ),
]);

export interface BackupParts {
  /** The whole box, not encrypted. */
  readonly read: () => AsyncIterable<Uint8Array>;
  readonly news: Pick<BackupNews, "tell">;
}

/**
 * Hands the box's state and key to the program that encrypts them, and hears what became of it. Who
 * may open the socket may read the files of both.
 */
export function addBackupRoutes(app: FastifyInstance, { read, news }: BackupParts): void {
  app.get(
    "/api/v1/backup",
    { config: { scope: "system", act: "read-backup", local: true } },
    (_request, reply) => reply.type("application/octet-stream").send(Readable.from(read())),
  );
  app.post<{ Body: Static<typeof BackupToldSchema> }>(
    "/api/v1/backup/told",
    {
      config: { scope: "system", act: "tell-backup", local: true },
      schema: { body: BackupToldSchema },
    },
    ({ body }) => {
      news.tell(body);
      return {};
    },
  );
}
