import { rename } from "node:fs/promises";
import { join } from "node:path";
import { type BackupLock, isRecipient } from "../../../adapters/backup/age.ts";
import {
  openStick,
  rotate,
  type Stick,
  StickNames,
  UNFINISHED,
} from "../../../adapters/backup/usb-stick.ts";
import type { Config } from "../../../config/schema.ts";
import { KmsError } from "../../../domain/errors.ts";
import { syncFolder } from "../../../platform/durable-file.ts";
import { print, remark } from "../../support/lines.ts";
import { printJson } from "../../support/output.ts";
import { readSecretFile, requireStrong } from "../../support/passphrase.ts";
import { type BoxFlags, boxConfig } from "../options.ts";
import { configPathOf, type WrittenBackup, writeBackup } from "./create.ts";
import { type BackupSource, openSource } from "./source.ts";

/** The configuration does not say how backups on a stick are to be encrypted. */
class BackupNotConfiguredError extends KmsError {
  readonly code = "backup-not-configured";
}

interface OnStick {
  readonly written: WrittenBackup;
  readonly name: string;
  readonly removed: readonly string[];
}

/** `kms-box backup usb DEVICE`: a backup onto a stick, by which older ones there make room. */
export async function usb(place: string, flags: BoxFlags): Promise<void> {
  const config = await boxConfig(flags);
  const source = await openSource(flags);
  try {
    const made = await toStick(place, config, source, flags);
    const { name, written, removed } = made;
    await source.tell({ made: true, usb: true, file: name, bytes: written.bytes });
    tell(made, flags, removed);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await source.tell({ made: false, usb: true, reason });
    throw error;
  } finally {
    await source.release();
  }
}

async function toStick(
  place: string,
  config: Config,
  source: BackupSource,
  flags: BoxFlags,
): Promise<OnStick> {
  const lock = await lockOf(config.backup);
  const stick = await openStick(place);
  let made: OnStick;
  try {
    made = await onStick(stick, config, source, { lock, flags });
  } catch (error) {
    // The first failure tells more than that of taking the stick out.
    await stick.release().catch(() => undefined);
    throw error;
  }
  await stick.release();
  return made;
}

async function onStick(
  { folder }: Stick,
  { backup }: Config,
  source: BackupSource,
  { lock, flags }: { readonly lock: BackupLock; readonly flags: BoxFlags },
): Promise<OnStick> {
  const unnamed = join(folder, UNFINISHED);
  const chunks = await source.read();
  const configPath = configPathOf(flags);
  const written = await writeBackup(unnamed, { chunks, lock, configPath, replace: true });
  const names = new StickNames(written.header.host);
  const name = names.nameOf(written.header.created);
  await rename(unnamed, join(folder, name));
  await syncFolder(folder);
  const removed = await rotate(folder, names, { keep: backup.keep, fresh: name });
  return { written, name, removed };
}

async function lockOf({ recipient, passphraseFile }: Config["backup"]): Promise<BackupLock> {
  if (recipient !== "") {
    if (await isRecipient(recipient)) return { recipient };
    throw new BackupNotConfiguredError(`backup.recipient "${recipient}" is no public key of age.`);
  }
  if (passphraseFile !== "") {
    return { passphrase: requireStrong(await readSecretFile(passphraseFile)) };
  }
  throw new BackupNotConfiguredError(
    "Nothing says how backups on a stick are encrypted. Set backup.recipient (the public key that " +
      "age-keygen prints) or backup.passphraseFile in the configuration.",
  );
}

function tell({ name, written }: OnStick, { json }: BoxFlags, removed: readonly string[]): void {
  const { bytes, counts, leftOut } = written;
  for (const each of leftOut) remark(`Not in the backup: ${each}`);
  if (json) printJson({ file: name, bytes, clients: counts.clients, removed, leftOut });
  else {
    print(
      `Backed up to the stick as ${name}: ${counts.clients} clients, ${bytes} bytes; ` +
        `${removed.length} older ones removed. The stick may be pulled.`,
    );
  }
}
