import { BackupProgram } from "./adapters/backup/backup-program.ts";
import { UploadFile } from "./adapters/backup/upload-file.ts";
import { debianArchitecture } from "./adapters/system/debian-architecture.ts";
import { UnitUpgradeDoor } from "./adapters/system/unit-upgrade-door.ts";
import type { LoadedConfig } from "./config/load.ts";
import { NodeEd25519Verifier, sha256 } from "./platform/ed25519.ts";
import type { CmidStore } from "./ports/store.ts";
import { RestoreDesk } from "./services/restore-desk.ts";
import { UpgradeDesk } from "./services/upgrade-desk.ts";
import { VERSION } from "./version.ts";
import type { RestoreParts } from "./web/api/restore-routes.ts";

export interface UploadDesks {
  readonly restore: RestoreParts;
  readonly upgrade: UpgradeDesk;
}

/** What makes backups and restores of a running box by its own program, and takes packages for it. */
export async function composeUploads(
  { config, layers }: LoadedConfig,
  store: CmidStore,
): Promise<UploadDesks> {
  const [, program = ""] = process.argv;
  const worker = new BackupProgram({ program, data: config.data, config: layers.file });
  const uploads = new UploadFile(config.data);
  // On a disk that cannot be written, what was left stays.
  await uploads.discard().catch(() => undefined);
  const verifier = new NodeEd25519Verifier();
  const upgrade = new UpgradeDesk({
    uploads,
    door: new UnitUpgradeDoor({ folder: process.env.RUNTIME_DIRECTORY }),
    crypto: { sha256, verify: (key, data, signature) => verifier.verify(key, data, signature) },
    version: VERSION,
    architecture: debianArchitecture(process.arch),
  });
  return { restore: { worker, restore: new RestoreDesk({ store, worker, uploads }) }, upgrade };
}
