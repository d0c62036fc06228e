/** A file of the system as it shall be. */
export interface PlannedFile {
  /** Absolute, as seen by the system that it configures. */
  readonly path: string;
  readonly content: string;
  /** Permissions. */
  readonly mode: number;
  /** Its group; the owner is always root. */
  readonly group?: "kms-box";
}

/** A running part of the system that must be told that its files have changed. */
export type SetupReload = "host-name" | "network" | "time-servers" | "ssh";

/** What a system is like before it is set up. */
export interface SystemFacts {
  /** What an earlier setup left in the configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** `/etc/hosts`. */
  readonly hosts: string;
  readonly accounts: readonly Account[];
  /** Key files of domains that are there, by whole path. */
  readonly keyFiles: readonly string[];
  /** Whether chrony keeps the time. */
  readonly chrony: boolean;
  /** Accounts for which an earlier setup left keys. */
  readonly keyedAccounts: readonly string[];
}

export interface Account {
  readonly name: string;
  readonly number: number;
}
