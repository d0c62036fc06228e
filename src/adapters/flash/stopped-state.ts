import { join } from "node:path";
import type { ActivationLedger } from "../../domain/ledger.ts";
import { FileLock } from "../../platform/file-lock.ts";
import type { StateChange, StateSize, StoreNotice } from "../../ports/store.ts";
import { RESET_FILE, RESTORE_FILE } from "./files.ts";
import { FolderLock } from "./folder-lock.ts";
import { Loader } from "./loader.ts";
import { NodeFlashFs } from "./node-flash-fs.ts";
import { MIGRATIONS, Schema } from "./schema.ts";
import type { FlashState } from "./state.ts";
import { StateWalk } from "./state-walk.ts";
import { systemTimers } from "./timers.ts";

/** The folder of a box that does not run, held so that none can start. */
export interface StoppedFolder {
  /** What would be done to the folder by the next start; undefined if nothing. */
  readonly due: "factory-reset" | "restore" | undefined;
  /**
   * Reads the state; changes nothing.
   *
   * @throws {StorageUnreadableError}
   */
  read(onNotice: (notice: StoreNotice) => void): Promise<StoppedState>;
  release(): Promise<void>;
}

/** A state that was read. */
export interface StoppedState {
  readonly state: FlashState;
  snapshot(): AsyncGenerator<readonly StateChange[], StateSize>;
}

/**
 * Keeps all other processes out of a state folder.
 *
 * @param purpose to read what is there, a medium that cannot be written will do
 * @throws {StorageLockedError} a box runs there
 * @throws the system's error if no lock can be had
 */
export async function holdFolder(
  path: string,
  newLedger: () => ActivationLedger,
  purpose: "read" | "write",
): Promise<StoppedFolder> {
  const fs = new NodeFlashFs();
  // Nothing is read here before the lock is held, so that nothing can change in between.
  const unread = { path, make: async () => undefined, fingerprint: async () => "" };
  const lock = new FolderLock(unread, (file) => FileLock.acquire(file));
  await (purpose === "read" ? lock.tryHold() : lock.hold());
  const isThere = async (name: string) => (await fs.kindOf(join(path, name))) !== undefined;
  const reset = await isThere(RESET_FILE);
  return {
    due: reset ? "factory-reset" : (await isThere(RESTORE_FILE)) ? "restore" : undefined,
    read: async (onNotice) => {
      const schema = new Schema(MIGRATIONS);
      const { state } = await new Loader(fs, path, schema, newLedger, onNotice).load();
      const walk = () => new StateWalk(state, systemTimers).tell(async () => undefined);
      return { state, snapshot: walk };
    },
    release: () => lock.release(),
  };
}
