import { lchown, mkdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { encodeBackup, withSettings } from "../../../adapters/backup/backup-lines.ts";
import { type BackupItem, readBackup } from "../../../adapters/backup/backup-reader.ts";
import {
  planSettings,
  putSettings,
  SettingsRefusedError,
} from "../../../adapters/backup/settings-files.ts";
import { isStateFileKind } from "../../../adapters/backup/state-files.ts";
import { BackupCheck } from "../../../adapters/backup/verified.ts";
import { holdFolder, type StoppedFolder } from "../../../adapters/flash/stopped-state.ts";
import { newLedger, restoreInto } from "../../../compose-box.ts";
import type { BackupHeader, SettingsFile } from "../../../domain/backup.ts";
import { KmsError } from "../../../domain/errors.ts";
import {
  FIRST_GENERATION,
  GENERATION_DOCUMENT,
  generationOf,
  nextGeneration,
} from "../../../domain/generation.ts";
import { StorageLockedError, StorageUnreadableError } from "../../../ports/store.ts";
import { LICENCES_DOCUMENT } from "../../../services/licences.ts";
import { fileFault } from "../../support/files.ts";
import { print } from "../../support/lines.ts";
import { printJson } from "../../support/output.ts";
import { withProgress } from "../../support/progress.ts";
import { type BoxFlags, boxConfig } from "../options.ts";
import { startFault } from "../start-fault.ts";
import { configPathOf } from "./create.ts";
import { nameOf } from "./inspect.ts";
import { type KeyFlags, keyOf, openBackup } from "./keys.ts";
import { notReady } from "./source.ts";

type RestoreFlags = BoxFlags &
  KeyFlags & { readonly replace?: boolean; readonly settings?: boolean };

type RecordFlags = BoxFlags & KeyFlags & { readonly ownGeneration: string };

/** There is a box in the folder that would be lost. */
class BoxInUseError extends KmsError {
  readonly code = "box-in-use";
}

/** `kms-box backup restore FILE`: makes a stopped box the one of a backup when it next starts. */
export async function restore(path: string, flags: RestoreFlags): Promise<void> {
  const config = await boxConfig(flags);
  const folder = resolve(config.data);
  const held = await mkdir(folder, { recursive: true, mode: 0o700 })
    .then(() => holdFolder(folder, newLedger, "write"))
    .catch((error: unknown) => {
      throw stopFirst(startFault(error, config));
    });
  try {
    const own = await requireReplaceable(folder, held, flags.replace ?? false);
    const chunks = await openBackup(path, await keyOf(flags));
    const settings: string[] = [];
    const recorded = await recordBackup(chunks, { folder, own }, async (temporary, files) => {
      const { uid, gid } = await stat(folder);
      settings.push(...(await settle(files, gid, flags)));
      if (process.getuid?.() === 0) await lchown(temporary, uid, gid);
    });
    tell({ ...recorded, settings }, flags);
  } finally {
    await held.release();
  }
}

/** Whose box is to become another, and its generation. */
interface Target {
  readonly folder: string;
  readonly own: number;
}

/** Verifies a whole backup, and records that the box becomes the one in it. */
async function recordBackup(
  chunks: AsyncIterable<Uint8Array>,
  { folder, own }: Target,
  prepare: (temporary: string, files: readonly SettingsFile[]) => Promise<void>,
): Promise<Omit<Outcome, "settings">> {
  const check = new BackupCheck(newLedger);
  const items = check.pass(readBackup(withProgress(chunks, "restored")));
  const header = await firstOf(items);
  const generation = nextGeneration(
    { createdMs: Date.parse(header.created), generation: header.generation },
    own,
    Date.now(),
  );
  const order = { generation, ordered: new Date().toISOString() };
  const whole = encodeBackup(withSettings(chained(header, items), []));
  const target = await restoreInto(folder);
  await target.record(whole, order, (temporary) => prepare(temporary, check.content.files));
  return { counts: check.content.counts, header, generation };
}

/**
 * `kms-box backup record FILE`: for the running box itself, which holds its folder and starts again
 * afterwards.
 */
export async function record(path: string, flags: RecordFlags): Promise<void> {
  const { data: folder } = await boxConfig(flags);
  const chunks = await openBackup(path, await keyOf(flags));
  const own = Number(flags.ownGeneration);
  const recorded = await recordBackup(chunks, { folder, own }, async () => undefined);
  tell({ ...recorded, settings: [] }, flags);
}

function stopFirst(error: unknown): unknown {
  if (!(error instanceof StorageLockedError)) return error;
  return new BoxInUseError(
    `${error.message}. A box that runs cannot be restored: systemctl stop kms-box`,
    { cause: error },
  );
}

/**
 * @returns the generation of the box that is there; 1 without one
 * @throws {BoxInUseError} it has clients or licences, and is not to be replaced
 */
async function requireReplaceable(
  folder: string,
  held: StoppedFolder,
  replace: boolean,
): Promise<number> {
  if (held.due === "factory-reset") throw notReady(folder, held.due);
  if (held.due === "restore" && !replace) throw inUse(folder, "a restore that is due");
  try {
    const { state } = await held.read(() => undefined);
    const { ledger, documents } = state;
    const licensed = documents.has(LICENCES_DOCUMENT);
    if (!replace && (ledger.clients > 0 || licensed)) {
      throw inUse(folder, `${ledger.clients} clients${licensed ? " and a licence" : ""}`);
    }
    return generationOf(documents.get(GENERATION_DOCUMENT));
  } catch (error) {
    if (!(error instanceof StorageUnreadableError)) throw error;
    if (!replace) throw inUse(folder, "a state that cannot be read");
    return FIRST_GENERATION;
  }
}

function inUse(folder: string, what: string): BoxInUseError {
  return new BoxInUseError(
    `There is a box in ${folder}, with ${what}, which would be lost. If that is meant, add --replace.`,
  );
}

/** The first item, which is the header; the others are still to come. */
async function firstOf(items: AsyncGenerator<BackupItem, void>): Promise<BackupHeader> {
  const { value } = await items.next();
  if (value?.kind !== "header") throw new Error("a backup that is read begins with its header");
  return value.header;
}

async function* chained(
  header: BackupHeader,
  items: AsyncIterable<BackupItem>,
): AsyncGenerator<BackupItem, void> {
  yield { kind: "header", header, json: JSON.stringify(header) };
  yield* items;
}

/**
 * Puts the settings back, before the restore counts: with a power cut in between it is done again.
 *
 * @returns names of what was written
 */
async function settle(
  all: readonly SettingsFile[],
  group: number,
  flags: RestoreFlags,
): Promise<string[]> {
  // The box's own come back with its state.
  const files = all.filter((file) => !isStateFileKind(file));
  if (flags.settings === false || files.length === 0) return [];
  const configPath = configPathOf(flags);
  if (configPath === undefined) {
    throw new SettingsRefusedError(
      `The backup holds settings (${files.map(nameOf).join(", ")}). Say where they belong by ` +
        "--config FILE, or leave them out by --no-settings.",
    );
  }
  const planned = await planSettings(resolve(configPath), files);
  const others = planned.filter(({ there }) => there === "other").map(({ path }) => path);
  if (others.length > 0 && !flags.replace) {
    throw new SettingsRefusedError(
      `These settings differ from those in the backup: ${others.join(", ")}. Replace them by ` +
        "--replace, or keep them by --no-settings.",
    );
  }
  try {
    await putSettings(planned, group);
  } catch (error) {
    const { path = configPath } = error as NodeJS.ErrnoException;
    throw fileFault(`Cannot write ${path} (run this as root, or add --no-settings)`, error);
  }
  return planned.filter(({ there }) => there !== "same").map(({ file }) => nameOf(file));
}

interface Outcome {
  readonly header: BackupHeader;
  readonly counts: { readonly clients: number };
  readonly generation: number;
  readonly settings: readonly string[];
}

function tell({ header, counts, generation, settings }: Outcome, { json }: BoxFlags): void {
  const { host, created } = header;
  const { clients } = counts;
  if (json) {
    printJson({ recorded: "restore", host, created, clients, generation, settings });
    return;
  }
  print(
    `The restore is recorded. When the box next starts (systemctl start kms-box), it is the one of`,
    `${created}, with ${clients} clients, as generation ${generation}.`,
    ...(settings.length > 0 ? [`Settings written: ${settings.join(", ")}.`] : []),
    "Switch off the box that it replaces, and leave that off: both have the same key.",
  );
}
