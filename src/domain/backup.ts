/** What the first line of every backup says it is. */
export const BACKUP_FORMAT = "kms-box backup";
/** Of the form described in README.md; a reader refuses later ones. */
export const BACKUP_VERSION = 1;

/** What the first line of a backup tells. */
export interface BackupHeader {
  readonly format: typeof BACKUP_FORMAT;
  /** Of the form of the backup. */
  readonly version: number;
  /** Of the rows of the state in it. */
  readonly schema: number;
  /** Version of the program that wrote it. */
  readonly program: string;
  /** ISO 8601, by the box's clock, never before the latest time that the box knows of. */
  readonly created: string;
  /** Thumbprint of the host key. */
  readonly host: string;
  readonly hostname: string;
  /** Of the box that it is a backup of. */
  readonly generation: number;
}

/** What the last line of a backup tells, so that one that was cut is recognised. */
export interface BackupCounts {
  /** Pairs of CMID and product. */
  readonly records: number;
  /** Distinct CMIDs. */
  readonly clients: number;
  /** Files of settings. */
  readonly files: number;
}

/** A file of settings in a backup. */
export interface SettingsFile {
  /**
   * `config` is the configuration file itself; `config.d` and `keys` are folders beside it. What the
   * administrator set while the box ran is `settings`, and the key of a domain `dns-key`: these are
   * the box's own.
   */
  readonly kind: "config" | "config.d" | "keys" | "settings" | "dns-key";
  /** Without a folder; of a `dns-key` the domain; empty for `config` and `settings`. */
  readonly name: string;
  /** Permissions. */
  readonly mode: number;
  /** Base64. */
  readonly content: string;
}
