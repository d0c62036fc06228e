import { BackupProgram } from "./adapters/backup/backup-program.ts";
import { UploadFile } from "./adapters/backup/upload-file.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { CmidStore } from "./ports/store.ts";
import { RestoreDesk } from "./services/restore-desk.ts";
import type { RestoreParts } from "./web/api/restore-routes.ts";

/** What makes backups and restores of a running box, by its own program. */
export async function composeRestore(
  { config, layers }: LoadedConfig,
  store: CmidStore,
): Promise<RestoreParts> {
  const [, program = ""] = process.argv;
  const worker = new BackupProgram({ program, data: config.data, config: layers.file });
  const uploads = new UploadFile(config.data);
  // On a disk that cannot be written, what was left stays.
  await uploads.discard().catch(() => undefined);
  return { worker, restore: new RestoreDesk({ store, worker, uploads }) };
}
