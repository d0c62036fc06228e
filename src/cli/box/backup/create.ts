import { once } from "node:events";
import { dirname, resolve } from "node:path";
import { type BackupLock, encrypted } from "../../../adapters/backup/age.ts";
import { requireAbsent, writeBackupFile } from "../../../adapters/backup/backup-file.ts";
import { encodeBackup, withSettings } from "../../../adapters/backup/backup-lines.ts";
import { type BackupItem, readBackup } from "../../../adapters/backup/backup-reader.ts";
import { readSettings } from "../../../adapters/backup/settings-files.ts";
import type { BackupCounts, BackupHeader } from "../../../domain/backup.ts";
import { KmsError } from "../../../domain/errors.ts";
import { fileFault } from "../../support/files.ts";
import { print, remark } from "../../support/lines.ts";
import { printJson } from "../../support/output.ts";
import { withProgress } from "../../support/progress.ts";
import { UsageError } from "../../support/run-program.ts";
import type { BoxFlags } from "../options.ts";
import { type LockFlags, lockOf } from "./keys.ts";
import { openSource } from "./source.ts";

type CreateFlags = BoxFlags & LockFlags & { readonly force?: boolean };

/** What was written. */
export interface WrittenBackup {
  readonly file: string;
  readonly bytes: number;
  readonly header: BackupHeader;
  readonly counts: BackupCounts;
  readonly leftOut: readonly string[];
}

/** `kms-box backup create FILE` */
export async function create(file: string, flags: CreateFlags): Promise<void> {
  if (file === "-") return createOnOutput(flags);
  const path = resolve(file);
  if (!flags.force) await accessible(path, requireAbsent(path));
  const source = await openSource(flags);
  try {
    const lock = await lockOf(flags);
    const written = await writeBackup(path, {
      chunks: await source.read(),
      lock,
      configPath: configPathOf(flags),
      replace: flags.force ?? false,
    });
    await source.tell({ made: true, usb: false, file: path, bytes: written.bytes });
    tell(written, flags);
  } finally {
    await source.release();
  }
}

/** Nothing but the backup goes to standard output. */
async function createOnOutput(flags: CreateFlags): Promise<void> {
  if (flags.json) throw new UsageError("With - the backup is the answer: leave --json out.");
  if (process.stdout.isTTY) throw new UsageError("A terminal cannot show a backup: name a file.");
  const source = await openSource(flags);
  try {
    const lock = await lockOf(flags);
    const chunks = await source.read();
    const sealed = await sealBackup({ chunks, lock, configPath: configPathOf(flags) });
    let bytes = 0;
    for await (const chunk of sealed.chunks) {
      bytes += chunk.length;
      if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
    }
    for (const each of sealed.leftOut) remark(`Not in the backup: ${each}`);
    await source.tell({ made: true, usb: false, file: "standard output", bytes });
  } finally {
    await source.release();
  }
}

/** The configuration file that is meant, if any is. */
export function configPathOf({ config }: BoxFlags, env = process.env): string | undefined {
  return config ?? env.KMS_BOX_CONFIG;
}

/** A box that is to be backed up, and how. */
interface SealJob {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly lock: BackupLock;
  readonly configPath: string | undefined;
}

export interface BackupJob extends SealJob {
  readonly replace: boolean;
}

interface Seen {
  header?: BackupHeader;
  counts?: BackupCounts;
}

/** A box and its settings, encrypted; what is seen is known once all was read. */
async function sealBackup({ chunks, lock, configPath }: SealJob) {
  const settings = configPath === undefined ? NO_SETTINGS : await readSettings(configPath);
  const seen: Seen = {};
  const items = noting(readBackup(chunks), seen);
  const plain = encodeBackup(withSettings(items, settings.files));
  const sealed = await encrypted(withProgress(plain, "backed up"), lock);
  return { chunks: sealed, seen, files: settings.files.length, leftOut: settings.leftOut };
}

/**
 * Writes a backup of a box and its settings, durably.
 *
 * @throws {BackupDamagedError} the box broke off
 * @throws {FileExistsError}
 * @throws {FileNotAccessibleError}
 */
export async function writeBackup(path: string, job: BackupJob): Promise<WrittenBackup> {
  const { chunks, seen, files, leftOut } = await sealBackup(job);
  const { replace } = job;
  const bytes = await accessible(path, writeBackupFile(path, chunks, { replace }));
  const { header, counts } = seen;
  if (!header || !counts) throw new Error("what was read to its end has a header and counts");
  return {
    file: path,
    bytes,
    header,
    counts: { ...counts, files: counts.files + files },
    leftOut,
  };
}

const NO_SETTINGS = { files: [], leftOut: [] };

async function* noting(
  items: AsyncIterable<BackupItem>,
  seen: Seen,
): AsyncGenerator<BackupItem, void> {
  for await (const item of items) {
    if (item.kind === "header") seen.header = item.header;
    if (item.kind === "end") seen.counts = item.counts;
    yield item;
  }
}

async function accessible<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof KmsError) throw error;
    const { syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw fileFault(`Cannot write ${path} in ${dirname(path)}`, error);
  }
}

function tell({ file, bytes, header, counts, leftOut }: WrittenBackup, { json }: BoxFlags): void {
  for (const each of leftOut) remark(`Not in the backup: ${each}`);
  const { clients, records, files } = counts;
  if (json) {
    const { created, host, generation } = header;
    printJson({ file, bytes, created, host, generation, clients, records, files, leftOut });
    return;
  }
  print(
    `Backed up to ${file}: ${clients} clients, licences, host key and ${files} ${files === 1 ? "file" : "files"} of settings,`,
    `${bytes} bytes. Keep it away from the box, and try it: kms-box backup inspect ${file}`,
  );
}
