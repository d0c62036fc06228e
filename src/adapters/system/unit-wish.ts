import { access, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 50;
const TAKEN_WITHIN_MS = 10_000;

/**
 * Asks systemd for what the service may not do itself, by a file that a `.path` unit waits for and whose
 * service takes it away. So the service needs no privilege.
 */
export class UnitWish {
  readonly path: string;
  readonly #takenWithinMs: number;

  /** @param folder what systemd made for the service below /run */
  constructor(folder: string, name: string, takenWithinMs = TAKEN_WITHIN_MS) {
    this.path = join(folder, name);
    this.#takenWithinMs = takenWithinMs;
  }

  /**
   * @returns whether it was taken; one that was not is forgotten, as it must not come true later
   * @throws {NodeJS.ErrnoException} it cannot be written
   */
  async make(text: string): Promise<boolean> {
    const unfinished = `${this.path}.tmp`;
    await writeFile(unfinished, text, { mode: 0o600 });
    await rename(unfinished, this.path);
    for (let waitedMs = 0; await exists(this.path); waitedMs += LOOK_EVERY_MS) {
      if (waitedMs >= this.#takenWithinMs) {
        await rm(this.path, { force: true });
        return false;
      }
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
