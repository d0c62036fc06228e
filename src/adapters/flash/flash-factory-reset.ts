import { join } from "node:path";
import { FileLock } from "../../platform/file-lock.ts";
import { type FactoryReset, FactoryResetFailedError } from "../../ports/factory-reset.ts";
import { StorageLockedError } from "../../ports/store.ts";
import { eraseBox, isOwn } from "./erase-box.ts";
import { reasonFor } from "./failures.ts";
import { isRestoreFile, parseHeader, RESET_FILE, readFirstLine } from "./files.ts";
import { type FlashFs, writeFully } from "./flash-fs.ts";
import { type AcquireLock, FolderLock } from "./folder-lock.ts";
import { encodeLine } from "./lines.ts";
import { NodeFlashFs } from "./node-flash-fs.ts";

export interface FlashFactoryResetOptions {
  readonly folder: string;
  /** Name of a folder in it with a vendor's key that the box made. */
  readonly vendorFolder: string;
  readonly fs?: FlashFs;
}

const FORMAT = "kms-box factory reset";
const CONTENT = encodeLine(
  JSON.stringify({
    format: FORMAT,
    schema: 1,
    note: "When it next starts, the box erases what it keeps here. Remove this file to prevent that.",
  }),
);

const UNCHANGED = "Nothing was changed.";

/**
 * The factory reset of a state folder: a file says that it is due, and goes when all else is gone. A
 * power cut leaves either all of the old box or, after the next start, nothing of it.
 *
 * Of the folder's files those are erased that the box makes, by their names, and no others.
 */
export class FlashFactoryReset implements FactoryReset {
  readonly #folder: string;
  readonly #vendorFolder: string;
  readonly #marker: string;
  readonly #fs: FlashFs;

  constructor({ folder, vendorFolder, fs = new NodeFlashFs() }: FlashFactoryResetOptions) {
    this.#folder = folder;
    this.#vendorFolder = vendorFolder;
    this.#marker = join(folder, RESET_FILE);
    this.#fs = fs;
  }

  async record(): Promise<void> {
    const temporary = `${this.#marker}.tmp`;
    try {
      await this.#write(temporary);
      await this.#fs.rename(temporary, this.#marker);
      await this.#fs.syncFolder(this.#folder);
    } catch (error) {
      throw await this.#takenBack(temporary, error);
    }
  }

  /**
   * Erases the box if a reset is due; killed at any moment, it is finished by the next call.
   *
   * @param guard makes sure that no other process writes to the folder
   * @returns whether one was due
   * @throws {FactoryResetFailedError} it is due and cannot be finished, for now
   * @throws {StorageLockedError} it is due, and another process uses the folder
   */
  async finish(guard: () => Promise<void>): Promise<boolean> {
    try {
      if (!(await this.#isDue())) return false;
      await guard();
      await eraseBox(
        { folder: this.#folder, vendorFolder: this.#vendorFolder, fs: this.#fs },
        isErased,
      );
      await this.#fs.remove(this.#marker);
      await this.#fs.syncFolder(this.#folder);
      return true;
    } catch (error) {
      if (error instanceof StorageLockedError || error instanceof FactoryResetFailedError) {
        throw error;
      }
      throw new FactoryResetFailedError(
        `A factory reset of ${this.#folder} is due and cannot be finished: ${reasonFor(error)}. ` +
          "Then start the box again.",
        { cause: error },
      );
    }
  }

  /**
   * Records and finishes a reset while no process uses the folder.
   *
   * @returns false if there is nothing to erase
   * @throws {FactoryResetFailedError} nothing is changed, or the rest is done by the next `finish`
   * @throws {StorageLockedError} a process uses the folder
   */
  async perform(acquire: AcquireLock = (path) => FileLock.acquire(path)): Promise<boolean> {
    const path = this.#folder;
    const names = await this.#fs.list(path);
    if (!names.some((name) => name === RESET_FILE || isErased(name))) return false;
    // Nothing is read here before the lock is held, so that nothing can change in between.
    const unread = { path, make: async () => undefined, fingerprint: async () => "" };
    const lock = new FolderLock(unread, acquire);
    try {
      await lock.hold().catch((error: unknown) => {
        throw error instanceof StorageLockedError ? error : notRecorded(error, UNCHANGED);
      });
      await this.record();
      return await this.finish(() => lock.hold());
    } finally {
      await lock.release();
    }
  }

  /** @throws {FactoryResetFailedError} the marker is there and does not say what it should */
  async #isDue(): Promise<boolean> {
    const kind = await this.#fs.kindOf(this.#marker);
    if (kind === undefined) return false;
    const header = kind === "file" ? await readFirstLine(this.#fs, this.#marker) : undefined;
    if (parseHeader(header, FORMAT) !== undefined) return true;
    throw new FactoryResetFailedError(
      `${this.#marker} should say that a factory reset is due, but is damaged. Remove it to keep ` +
        'the box as it is, or reset it by "kms-box reset --factory --yes".',
    );
  }

  async #write(path: string): Promise<void> {
    const file = await this.#fs.open(path, "create");
    try {
      await writeFully(file, Buffer.from(CONTENT), 0);
      await file.sync();
    } finally {
      await file.close().catch(() => undefined);
    }
  }

  /** Nothing may come of a request that was refused. */
  async #takenBack(temporary: string, cause: unknown): Promise<FactoryResetFailedError> {
    let outcome = UNCHANGED;
    try {
      await this.#fs.remove(this.#marker);
      await this.#fs.remove(temporary);
      await this.#fs.syncFolder(this.#folder);
    } catch {
      const kind = await this.#fs.kindOf(this.#marker).catch(() => "other");
      if (kind !== undefined) outcome = "It may be done at the next start all the same.";
    }
    return notRecorded(cause, outcome);
  }
}

/** A restore that is due holds all of a box too. */
function isErased(name: string): boolean {
  return isOwn(name) || isRestoreFile(name);
}

function notRecorded(cause: unknown, outcome: string): FactoryResetFailedError {
  return new FactoryResetFailedError(
    `The factory reset could not be recorded: ${reasonFor(cause)}. ${outcome}`,
    { cause },
  );
}
