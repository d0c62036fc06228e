import { PowerOffFailedError, type PowerSwitch } from "../../ports/power-switch.ts";
import { UnitWish } from "./unit-wish.ts";

const BY_HAND = 'switch the machine off by "sudo poweroff"';

/** Switches off by kms-box-power-off.path: its service takes the wish away and ends everything. */
export class UnitPowerSwitch implements PowerSwitch {
  readonly #wish: UnitWish;

  /** @param folder what systemd made for the service below /run */
  constructor(folder: string, takenWithinMs?: number) {
    this.#wish = new UnitWish(folder, "power-off", takenWithinMs);
  }

  async off(): Promise<void> {
    const isTaken = await this.#wish.make("").catch((cause: NodeJS.ErrnoException) => {
      throw new PowerOffFailedError(
        `${this.#wish.path} cannot be written (${cause.code}): ${BY_HAND}.`,
        { cause },
      );
    });
    if (isTaken) return;
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
