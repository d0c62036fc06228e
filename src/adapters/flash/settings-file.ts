import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PanelFault } from "../../panel/facts.ts";
import {
  SETTINGS_FILE,
  type SettingsKeeper,
  SettingsNotKeptError,
  UNUSABLE_SETTINGS_FILE,
} from "../../ports/settings.ts";
import type { Json } from "../../ports/store.ts";
import { reasonFor } from "./failures.ts";
import { type FlashFs, writeFully } from "./flash-fs.ts";
import { NodeFlashFs } from "./node-flash-fs.ts";

const DNS_KEY = /^dns-key\.[a-z0-9.-]{1,253}\.key(\.tmp)?$/;

/** Whether the box made a file of that name for settings or for the key of a domain. */
export function isSettingsName(name: string): boolean {
  return (
    name === SETTINGS_FILE ||
    name === `${SETTINGS_FILE}.tmp` ||
    name === UNUSABLE_SETTINGS_FILE ||
    DNS_KEY.test(name)
  );
}

/** The settings in a file of the state folder. */
export class FlashSettings implements SettingsKeeper {
  readonly #folder: string;
  readonly #fs: FlashFs;

  constructor(folder: string, fs: FlashFs = new NodeFlashFs()) {
    this.#folder = folder;
    this.#fs = fs;
  }

  async write(values: { readonly [key: string]: Json }): Promise<void> {
    await this.put(SETTINGS_FILE, `${JSON.stringify(values, null, 2)}\n`);
  }

  /** Takes settings that cannot be used out of the way, so that they are tried no more. */
  async setAside(): Promise<void> {
    const path = join(this.#folder, SETTINGS_FILE);
    await this.#fs.rename(path, join(this.#folder, UNUSABLE_SETTINGS_FILE));
    await this.#fs.syncFolder(this.#folder);
  }

  /**
   * Replaces a file of the folder: after a power cut it is the old or the new, whole.
   *
   * @throws {SettingsNotKeptError}
   */
  async put(name: string, text: string): Promise<void> {
    const path = join(this.#folder, name);
    const temporary = `${path}.tmp`;
    let replaced = false;
    try {
      await this.#writeSynced(temporary, Buffer.from(text));
      await this.#fs.rename(temporary, path);
      replaced = true;
      await this.#fs.syncFolder(this.#folder);
    } catch (cause) {
      await this.#fs.remove(temporary).catch(() => undefined);
      throw notKept(cause, replaced);
    }
  }

  /** @throws {SettingsNotKeptError} */
  async remove(name: string): Promise<void> {
    try {
      await this.#fs.remove(join(this.#folder, name));
      await this.#fs.syncFolder(this.#folder);
    } catch (cause) {
      throw notKept(cause);
    }
  }

  async #writeSynced(path: string, data: Uint8Array): Promise<void> {
    const file = await this.#fs.open(path, "create");
    try {
      await writeFully(file, data, 0);
      await file.sync();
    } finally {
      await file.close().catch(() => undefined);
    }
  }
}

/** @param seen whether the new file is there, though a power cut may yet take it back */
function notKept(cause: unknown, seen = false): SettingsNotKeptError {
  const outcome = seen ? "They may count at the next start all the same." : "Nothing was changed.";
  return new SettingsNotKeptError(
    `The settings could not be kept: ${reasonFor(cause)}. ${outcome}`,
    { cause },
  );
}

/** What the panel says while settings that were set aside are not replaced by others. */
export function settingsFaults(folder: string): PanelFault[] {
  const isSetAside = existsSync(join(folder, UNUSABLE_SETTINGS_FILE));
  return isSetAside && !existsSync(join(folder, SETTINGS_FILE)) ? [UNUSABLE] : [];
}

const UNUSABLE: PanelFault = {
  level: "attention",
  code: "settings-unusable",
  title: "SETTINGS LOST",
  nextStep: "set them anew; kms-box events tells why",
};
