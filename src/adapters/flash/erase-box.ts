import { join } from "node:path";
import { isHostKeyFile } from "../keys/host-key-file.ts";
import { isVendorKeyFile } from "../keys/vendor-key-files.ts";
import { isWebCertificateFile } from "../keys/web-certificate-files.ts";
import { isAuditFile } from "../log/audit-log-file.ts";
import { isStateFile, isUploadName } from "./files.ts";
import type { FlashFs } from "./flash-fs.ts";
import { isHistoryFile } from "./history-file.ts";
import { isSettingsName } from "./settings-file.ts";

/** Of a state folder. */
export interface BoxFolder {
  readonly folder: string;
  /** Name of a folder in it with a vendor's key that the box made. */
  readonly vendorFolder: string;
  readonly fs: FlashFs;
}

const OWN = [
  isStateFile,
  isHostKeyFile,
  isSettingsName,
  isUploadName,
  isHistoryFile,
  isWebCertificateFile,
  isAuditFile,
];

/** Whether the box makes files of that name in its state folder. */
export function isOwn(name: string): boolean {
  return OWN.some((isOne) => isOne(name));
}

/**
 * Erases, durably, the files that the box makes, by their names, and no others.
 *
 * @param isBoxes which of the folder's names are the box's
 */
export async function eraseBox(
  { folder, vendorFolder, fs }: BoxFolder,
  isBoxes: (name: string) => boolean = isOwn,
): Promise<void> {
  await erase(fs, folder, isBoxes);
  await eraseVendor(fs, join(folder, vendorFolder));
  await fs.syncFolder(folder);
}

async function eraseVendor(fs: FlashFs, path: string): Promise<void> {
  // What a link leads to is not the box's.
  if ((await fs.kindOf(path)) !== "folder") return;
  await erase(fs, path, isVendorKeyFile);
  await fs.syncFolder(path);
  await fs.removeFolder(path);
}

async function erase(
  fs: FlashFs,
  folder: string,
  isBoxes: (name: string) => boolean,
): Promise<void> {
  for (const name of await fs.list(folder)) {
    if (!isBoxes(name)) continue;
    const path = join(folder, name);
    if ((await fs.kindOf(path)) !== "folder") await fs.remove(path);
  }
}
