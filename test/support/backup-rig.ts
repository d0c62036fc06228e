import { encodeBackup, stateBody, withSettings } from "../../src/adapters/backup/backup-lines.ts";
import { type BackupItem, readBackup } from "../../src/adapters/backup/backup-reader.ts";
import { MIGRATIONS, Schema } from "../../src/adapters/flash/schema.ts";
import type { BackupHeader, SettingsFile } from "../../src/domain/backup.ts";
import type { StateChange, StateSize } from "../../src/ports/store.ts";
import { privateJwkOf, signerOf } from "./keys.ts";

export const BACKUP_HEADER: BackupHeader = {
  format: "kms-box backup",
  version: 1,
  schema: new Schema(MIGRATIONS).version,
  program: "1.2.3",
  created: "2030-01-02T03:04:05.000Z",
  host: signerOf("host").thumbprint,
  hostname: "kms",
  generation: 1,
};

export interface MadeBackup {
  readonly header?: Partial<BackupHeader>;
  readonly changes: readonly StateChange[];
  readonly size: StateSize;
  readonly files?: readonly SettingsFile[];
}

/** The bytes of a backup of the host whose key is the tests' own. */
export async function backupBytes(made: MadeBackup): Promise<Buffer> {
  const { header, changes, size, files = [] } = made;
  async function* told(): AsyncGenerator<readonly StateChange[], StateSize> {
    yield changes;
    return size;
  }
  const body = stateBody({
    header: { ...BACKUP_HEADER, ...header },
    hostKey: privateJwkOf("host"),
    changes: told(),
    files: [],
    leaveOut: new Set(["run"]),
  });
  const plain = encodeBackup(body);
  return joined(files.length === 0 ? plain : encodeBackup(withSettings(readBackup(plain), files)));
}

export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Hands bytes on in pieces of a size. */
export async function* inPieces(
  bytes: Uint8Array,
  size = bytes.length,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function itemsOf(bytes: Uint8Array, size?: number): Promise<BackupItem[]> {
  const items: BackupItem[] = [];
  for await (const item of readBackup(inPieces(bytes, size))) items.push(item);
  return items;
}
