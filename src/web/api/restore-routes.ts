import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { BackupWorker } from "../../ports/backup.ts";
import type { RestoreDesk } from "../../services/restore-desk.ts";
import { type EndingParts, sent } from "./ending-routes.ts";
import { FILE, fileOf, takeFiles } from "./file-body.ts";
import {
  type CheckRestore,
  CheckRestoreSchema,
  type ConfirmRestore,
  ConfirmRestoreSchema,
  type MakeBackup,
  MakeBackupSchema,
  RecordedRestoreSchema,
  RestorePreviewSchema,
  UploadSchema,
} from "./restore-schemas.ts";

const ACCEPTED = 202;

export interface RestoreParts {
  readonly worker: Pick<BackupWorker, "make">;
  readonly restore: RestoreDesk;
}

/** Hands out the box in an encrypted file, and makes it the box of such a file. */
export function addRestoreRoutes(
  app: FastifyInstance,
  { worker, restore }: RestoreParts,
  endings: Pick<EndingParts, "requestRestart">,
): void {
  app.post<{ Body: MakeBackup }>(
    "/api/v1/backups",
    { config: { scope: "system", act: "make-backup" }, schema: { body: MakeBackupSchema } },
    async ({ body }, reply) => {
      const chunks = await worker.make(body.passphrase);
      return reply
        .type(FILE)
        .header("cache-control", "no-store")
        .header("content-disposition", 'attachment; filename="kms-box.age"')
        .send(Readable.from(chunks, { objectMode: false }));
    },
  );
  app.register((scope, _options, done) => {
    addUploadRoute(scope, restore);
    done();
  });
  app.post<{ Body: CheckRestore }>(
    "/api/v1/restore/check",
    {
      config: { scope: "system", act: "check-restore" },
      schema: { body: CheckRestoreSchema, response: { 200: RestorePreviewSchema } },
    },
    ({ body }) => restore.check(body.upload, body.passphrase),
  );
  app.post<{ Body: ConfirmRestore }>(
    "/api/v1/restore/confirm",
    {
      config: { scope: "system", act: "restore" },
      schema: { body: ConfirmRestoreSchema, response: { [ACCEPTED]: RecordedRestoreSchema } },
    },
    async ({ body }, reply) => {
      const recorded = await restore.record(body.upload, body.passphrase, body.replace);
      endings.requestRestart("command", sent(reply));
      reply.code(ACCEPTED);
      return recorded;
    },
  );
  app.delete(
    "/api/v1/restore",
    { config: { scope: "system", act: "discard-upload" } },
    async () => {
      await restore.discard();
      return {};
    },
  );
}

/** In a room of its own: nowhere else is a body taken as it comes. */
function addUploadRoute(app: FastifyInstance, restore: RestoreDesk): void {
  takeFiles(app);
  app.post(
    "/api/v1/restore",
    {
      config: { scope: "system", act: "upload-backup", file: true },
      schema: { response: { 200: UploadSchema } },
    },
    async (request) => {
      const { body, bytes } = fileOf(request);
      return { upload: await restore.upload(body, bytes), bytes };
    },
  );
}
