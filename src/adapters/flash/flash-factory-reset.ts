import { join } from "node:path";
import { FileLock } from "../../platform/file-lock.ts";
import { type FactoryReset, FactoryResetFailedError } from "../../ports/factory-reset.ts";
import { StorageLockedError } from "../../ports/store.ts";
import { isHostKeyFile } from "../keys/host-key-file.ts";
import { isVendorKeyFile } from "../keys/vendor-key-files.ts";
import { reasonFor } from "./failures.ts";
import { isStateFile, parseHeader, readFirstLine } from "./files.ts";
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

/** In the state folder, and there only while a reset is due. */
const MARKER = "factory-reset";
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
    this.#marker = join(folder, MARKER);
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
      await this.#erase(this.#folder, isOwn);
      await this.#eraseVendor();
      await this.#fs.syncFolder(this.#folder);
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
    if (!names.some((name) => name === MARKER || isOwn(name))) return false;
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

  async #eraseVendor(): Promise<void> {
    const path = join(this.#folder, this.#vendorFolder);
    // What a link leads to is not the box's.
    if ((await this.#fs.kindOf(path)) !== "folder") return;
    await this.#erase(path, isVendorKeyFile);
    await this.#fs.syncFolder(path);
    await this.#fs.removeFolder(path);
  }

  async #erase(folder: string, isBoxes: (name: string) => boolean): Promise<void> {
    for (const name of await this.#fs.list(folder)) {
      if (!isBoxes(name)) continue;
      const path = join(folder, name);
      if ((await this.#fs.kindOf(path)) !== "folder") await this.#fs.remove(path);
    }
  }
}

/** Whether the box makes files of that name in its state folder. */
function isOwn(name: string): boolean {
  return isStateFile(name) || isHostKeyFile(name);
}

function notRecorded(cause: unknown, outcome: string): FactoryResetFailedError {
  return new FactoryResetFailedError(
    `The factory reset could not be recorded: ${reasonFor(cause)}. ${outcome}`,
    { cause },
  );
}
