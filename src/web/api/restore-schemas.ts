import { type Static, Type } from "../../protocol/typebox.ts";

/** On one line, as it goes to the program that opens the file. */
const passphrase = (minLength: number) =>
  Type.String({ minLength, maxLength: 1024, pattern: "^[^\\r\\n]+$", description: "One line" });
const upload = Type.String({
  pattern: "^[0-9a-f]{32}$",
  description: "As the answer to the upload names it",
});

/** Body of `POST /api/v1/backups`, whose answer is the encrypted file. */
export const MakeBackupSchema = Type.Object(
  { passphrase: passphrase(12) },
  { additionalProperties: false },
);
export type MakeBackup = Static<typeof MakeBackupSchema>;

/** `POST /api/v1/restore`, whose body is the file. */
export const UploadSchema = Type.Object({
  upload: Type.String({ description: "What names the file in the next steps" }),
  bytes: Type.Integer(),
});
export type Upload = Static<typeof UploadSchema>;

/** Body of `POST /api/v1/restore/check` */
export const CheckRestoreSchema = Type.Object(
  { upload, passphrase: passphrase(1) },
  { additionalProperties: false },
);
export type CheckRestore = Static<typeof CheckRestoreSchema>;

/** Body of `POST /api/v1/restore/confirm` */
export const ConfirmRestoreSchema = Type.Object(
  {
    upload,
    passphrase: passphrase(1),
    replace: Type.Boolean({
      default: false,
      description: "Whether clients and licences that the box has now may be lost",
    }),
  },
  { additionalProperties: false },
);
export type ConfirmRestore = Static<typeof ConfirmRestoreSchema>;

/** Answer to `POST /api/v1/restore/check` */
export const RestorePreviewSchema = Type.Object({
  created: Type.String({ description: "ISO 8601" }),
  program: Type.String({ description: "Version that wrote it" }),
  host: Type.String({ description: "Thumbprint of the host key" }),
  hostname: Type.String(),
  generation: Type.Integer(),
  clients: Type.Integer(),
  records: Type.Integer(),
  licences: Type.Array(Type.Object({ vendor: Type.String(), expires: Type.String() })),
  settings: Type.Array(Type.String()),
  notRestored: Type.Array(Type.String(), {
    description: "Of settings those that root must put back, by kms-box backup restore",
  }),
  replaces: Type.Object({ clients: Type.Integer(), licensed: Type.Boolean() }),
});
export type RestorePreview = Static<typeof RestorePreviewSchema>;

/** Answer to `POST /api/v1/restore/confirm`: the box starts again then. */
export const RecordedRestoreSchema = Type.Object({
  host: Type.String(),
  created: Type.String(),
  clients: Type.Integer(),
  generation: Type.Integer(),
});
