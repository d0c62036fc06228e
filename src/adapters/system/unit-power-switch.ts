import { access, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PowerOffFailedError, type PowerSwitch } from "../../ports/power-switch.ts";

/** What kms-box-power-off.path waits for, in the service's folder below /run. */
const WISH = "power-off";
const LOOK_EVERY_MS = 50;
const TAKEN_WITHIN_MS = 10_000;

const BY_HAND = 'switch the machine off by "sudo poweroff"';

/**
 * Switches off by a file that systemd waits for: its unit takes the file away and ends everything. So
 * the service needs no privilege, and nobody else who may write that file is given one.
 */
export class UnitPowerSwitch implements PowerSwitch {
  readonly #wish: string;
  readonly #takenWithinMs: number;

  /** @param folder what systemd made for the service below /run */
  constructor(folder: string, takenWithinMs = TAKEN_WITHIN_MS) {
    this.#wish = join(folder, WISH);
    this.#takenWithinMs = takenWithinMs;
  }

  async off(): Promise<void> {
    try {
      await writeFile(this.#wish, "");
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new PowerOffFailedError(`${this.#wish} cannot be written (${code}): ${BY_HAND}.`, {
        cause,
      });
    }
    for (let waitedMs = 0; await exists(this.#wish); waitedMs += LOOK_EVERY_MS) {
      if (waitedMs >= this.#takenWithinMs) return this.#giveUp();
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** A wish that is forgotten must not come true later. */
  async #giveUp(): Promise<never> {
    await rm(this.#wish, { force: true });
    throw new PowerOffFailedError(
      `systemd does not switch off: start kms-box-power-off.path, or ${BY_HAND}.`,
    );
  }
}

/** For a box that no service manager runs: the machine is not its own to switch off. */
export class NoPowerSwitch implements PowerSwitch {
  async off(): Promise<void> {
    throw new PowerOffFailedError(
      `Only the installed service can: stop this box by Ctrl-C, then ${BY_HAND}.`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
