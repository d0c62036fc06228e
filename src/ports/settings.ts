import { plainName } from "../domain/dns-names.ts";
import { KmsError } from "../domain/errors.ts";
import type { Json } from "./store.ts";

/** In the state folder: what the administrator set while the box ran. */
export const SETTINGS_FILE = "settings.json";
/** What of it could not be used, kept for whoever wants to look. */
export const UNUSABLE_SETTINGS_FILE = `${SETTINGS_FILE}.unusable`;

/** In the state folder: the key that updates of a domain are signed with. */
export function dnsKeyFile(domain: string): string {
  return `dns-key.${plainName(domain)}.key`;
}

/** Where an option's value comes from, the later standing over the earlier ones. */
export const SETTING_SOURCES = [
  "default",
  "command",
  "file",
  "settings",
  "environment",
  "flag",
] as const;
export type SettingSource = (typeof SETTING_SOURCES)[number];

/** One option of the box, with what is known of it. */
export interface Setting {
  /** With dots, such as `dns.ttlSeconds`. */
  readonly name: string;
  /** What the next start uses; null for a secret. */
  readonly value: Json;
  /** What is in use now; null for a secret. */
  readonly inUse: Json;
  readonly default: Json;
  readonly source: SettingSource;
  /** The file that sets it, where one does. */
  readonly place: string | null;
  readonly type: "boolean" | "integer" | "string" | "list";
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly choices: readonly (string | number)[] | null;
  readonly description: string;
  /** Why it cannot be changed here, and where it can; null if it can. */
  readonly fixed: string | null;
}

export interface SettingsView {
  readonly options: readonly Setting[];
  /** Whether something that is set is not in use before the next start. */
  readonly restartNeeded: boolean;
  /** Why the next start would fail: somebody changed the configuration files. */
  readonly faults: readonly string[];
}

/** Values by the options' names; null removes what was set. */
export type SettingChanges = Readonly<Record<string, Json>>;

/** What is wrong with a change, and with which option; null if with no single one. */
export interface SettingFault {
  readonly option: string | null;
  readonly fault: string;
}

/** A change would not let the box start, or is none that can be made here. Nothing was changed. */
export class SettingsInvalidError extends KmsError {
  readonly code = "settings-invalid";
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    const lines = faults.map(({ fault }) => `  - ${fault}`);
    super(`These settings cannot be used; nothing was changed:\n${lines.join("\n")}`);
    this.faults = faults;
  }
}

/** The medium did not take the settings. */
export class SettingsNotKeptError extends KmsError {
  readonly code = "settings-not-kept";
}

/** The options of the box, and what the administrator sets of them while it runs. */
export interface Settings {
  read(): SettingsView;
  /**
   * Resolves once the change is durable.
   *
   * @throws {SettingsInvalidError} with everything that is wrong
   * @throws {SettingsNotKeptError}
   */
  change(changes: SettingChanges): Promise<SettingsView>;
}

/** Keeps what the administrator sets. */
export interface SettingsKeeper {
  /**
   * Replaces what is kept: after a power cut it is the old or the new, whole.
   *
   * @throws {SettingsNotKeptError}
   */
  write(values: { readonly [key: string]: Json }): Promise<void>;
}
