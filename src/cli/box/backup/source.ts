import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { holdFolder } from "../../../adapters/flash/stopped-state.ts";
import { readBox } from "../../../compose-backup.ts";
import { newLedger } from "../../../compose-box.ts";
import { KmsError } from "../../../domain/errors.ts";
import type { BackupTold } from "../../../services/backup-news.ts";
import { remark } from "../../support/lines.ts";
import { AdminClient, BoxNotRunningError } from "../admin-client.ts";
import { NoBoxError } from "../licence-desk.ts";
import { type BoxFlags, boxFolder } from "../options.ts";

/** A factory reset or a restore is due, so that what is in the folder is not the box. */
export class BoxNotReadyError extends KmsError {
  readonly code = "box-not-ready";
}

/** A box that a backup is made of. */
export interface BackupSource {
  /** All but the settings, not encrypted. */
  read(): Promise<AsyncIterable<Uint8Array>>;
  /** Lets a running box tell of it; does nothing otherwise. */
  tell(told: BackupTold): Promise<void>;
  release(): Promise<void>;
}

/**
 * The running box if one listens, else its state folder, in which none can start until `release`.
 *
 * @throws {NoBoxError}
 * @throws {StorageLockedError} a box that is starting or stopping holds the folder
 * @throws {BoxNotReadyError}
 */
export async function openSource(flags: BoxFlags): Promise<BackupSource> {
  const folder = await boxFolder(flags);
  const client = new AdminClient(folder);
  try {
    await client.status();
    return runningSource(client);
  } catch (error) {
    if (!(error instanceof BoxNotRunningError)) throw error;
  }
  if (!existsSync(folder)) throw noBox(folder);
  return stoppedSource(folder);
}

function runningSource(client: AdminClient): BackupSource {
  return {
    read: async () => unbroken(await client.backup()),
    // The backup is there, whether or not the box hears of it.
    tell: (told) => client.tellBackup(told).catch(() => undefined),
    release: async () => undefined,
  };
}

async function* unbroken(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* chunks;
  } catch (cause) {
    throw new BoxNotReadyError(
      'The box broke off before all was read. Look into "kms-box events", then try again.',
      { cause },
    );
  }
}

async function stoppedSource(folder: string): Promise<BackupSource> {
  const held = await holdFolder(folder, newLedger, "read");
  try {
    if (held.due !== undefined) throw notReady(folder, held.due);
    const stopped = await held.read(({ kind }) =>
      remark(`The state in ${folder} is damaged (${kind}); what can be read is backed up.`),
    );
    const { documents, timeMarkMs } = stopped.state;
    const snapshot = () => stopped.snapshot();
    return {
      read: async () => readBox(folder, { documents, timeMarkMs, snapshot }, Date.now()),
      tell: async () => undefined,
      release: () => held.release(),
    };
  } catch (error) {
    await held.release();
    throw error;
  }
}

function noBox(folder: string): NoBoxError {
  return new NoBoxError(
    `There is no box in ${resolve(folder)}. Name its state folder with --data DIR.`,
  );
}

/** Something is due in the folder that must be done first. */
export function notReady(folder: string, due: "factory-reset" | "restore"): BoxNotReadyError {
  const what = due === "restore" ? "restore" : "factory reset";
  return new BoxNotReadyError(
    `A ${what} of ${resolve(folder)} is due and not finished: start the box first.`,
  );
}
