import { join } from "node:path";
import { FileLockedError } from "../../platform/file-lock.ts";
import { StorageLockedError } from "../../ports/store.ts";

/** Takes the lock that a file stands for. */
export type AcquireLock = (path: string) => Promise<{ release(): Promise<void> }>;

/** The part of the folder that the lock needs. */
export interface LockedFolder {
  readonly path: string;
  make(): Promise<void>;
  /** Tells whether anything was written to the folder between two calls. */
  fingerprint(): Promise<string>;
}

/**
 * Keeps other processes out of the state folder. On a full or read-only medium no lock can be had;
 * the state can be read even so, and the lock is taken before anything is written.
 */
export class FolderLock {
  readonly #folder: LockedFolder;
  readonly #acquire: AcquireLock;
  #held: { release(): Promise<void> } | undefined;
  /** What the folder held when it was read without a lock. */
  #readUnlocked: string | undefined;

  constructor(folder: LockedFolder, acquire: AcquireLock) {
    this.#folder = folder;
    this.#acquire = acquire;
  }

  /** Takes the lock if the medium allows. @throws {StorageLockedError} another process has it. */
  async tryHold(): Promise<void> {
    try {
      await this.#folder.make();
      await this.hold();
    } catch (error) {
      if (error instanceof StorageLockedError) throw error;
      this.#readUnlocked = await this.#folder.fingerprint();
    }
  }

  /**
   * Takes the lock if it is not held yet.
   *
   * @throws {StorageLockedError} another process has it, or had it since the state was read.
   */
  async hold(): Promise<void> {
    if (this.#held !== undefined) return;
    const lock = await this.#acquireLock();
    if (
      this.#readUnlocked !== undefined &&
      (await this.#folder.fingerprint()) !== this.#readUnlocked
    ) {
      await lock.release();
      throw new StorageLockedError(
        `${this.#folder.path} was written to by another process: restart this one to read it anew`,
      );
    }
    this.#held = lock;
  }

  async release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    // A medium that cannot be written does not let the file go; a dead holder's is taken over.
    await held?.release().catch(() => undefined);
  }

  async #acquireLock(): Promise<{ release(): Promise<void> }> {
    try {
      return await this.#acquire(join(this.#folder.path, "lock"));
    } catch (error) {
      if (!(error instanceof FileLockedError)) throw error;
      throw new StorageLockedError(
        `${this.#folder.path} is in use by process ${error.pid}: stop it before starting another`,
        { cause: error },
      );
    }
  }
}
