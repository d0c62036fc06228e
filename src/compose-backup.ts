import { hostname } from "node:os";
import { encodeBackup, stateBody } from "./adapters/backup/backup-lines.ts";
import { readStateFiles } from "./adapters/backup/state-files.ts";
import { MIGRATIONS, Schema } from "./adapters/flash/schema.ts";
import { readPrivateHostKey } from "./adapters/keys/host-key-file.ts";
import { BACKUP_FORMAT, BACKUP_VERSION } from "./domain/backup.ts";
import { GENERATION_DOCUMENT, generationOf } from "./domain/generation.ts";
import { NodeEd25519Signer } from "./platform/ed25519.ts";
import type { CmidStore } from "./ports/store.ts";
import { REPLACED_DOCUMENT } from "./services/generation.ts";
import { CLOCK_DOCUMENT } from "./services/kept-clock.ts";
import { RUN_DOCUMENT } from "./services/run-record.ts";
import { VERSION } from "./version.ts";

/** The generation stands in the header; the others tell of this machine and this run. */
const LEFT_OUT = new Set([GENERATION_DOCUMENT, REPLACED_DOCUMENT, RUN_DOCUMENT, CLOCK_DOCUMENT]);

/** What of a store a backup is made of. */
export type BackupSource = Pick<CmidStore, "documents" | "timeMarkMs" | "snapshot">;

/**
 * A whole box but the configuration that root gives it, not encrypted, while it runs or not.
 *
 * @throws {KeyUnreadableError}
 * @throws {StorageFailedError}
 */
export async function* readBox(
  folder: string,
  source: BackupSource,
  nowMs: number,
): AsyncGenerator<Uint8Array, void> {
  const hostKey = await readPrivateHostKey(folder);
  const header = {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    schema: new Schema(MIGRATIONS).version,
    program: VERSION,
    created: new Date(Math.max(nowMs, source.timeMarkMs)).toISOString(),
    host: new NodeEd25519Signer(hostKey).thumbprint,
    hostname: hostname(),
    generation: generationOf(source.documents.get(GENERATION_DOCUMENT)),
  } as const;
  const files = await readStateFiles(folder);
  const changes = source.snapshot();
  yield* encodeBackup(stateBody({ header, hostKey, changes, files, leaveOut: LEFT_OUT }));
}
