import type { PublicJwk } from "../domain/claims.ts";
import { KmsError } from "../domain/errors.ts";

/** How an upgrade may have ended: judged good, taken back, cut short, or not judged. */
export const UPGRADE_ENDINGS = ["upgraded", "rolled-back", "unfinished", "unchecked"] as const;

/** How the last upgrade of the installed package ended. */
export interface UpgradeOutcome {
  readonly outcome: (typeof UPGRADE_ENDINGS)[number];
  /** The version before. */
  readonly from: string;
  /** The version that was installed. */
  readonly to: string;
  /** Why it was not a success; empty if it was. */
  readonly reason: string;
  /** ISO 8601, by the machine's clock: it tells one upgrade from another. */
  readonly at: string;
}

/** Root has named no key whose packages the box may take. */
export class UpgradeNotSetUpError extends KmsError {
  readonly code = "upgrade-not-set-up";
}

/** Nobody takes the package, or it is not one that may be installed here. */
export class UpgradeRefusedError extends KmsError {
  readonly code = "upgrade-refused";
}

/** How far root's side is with a package that was handed to it. */
export const UPGRADE_STATES = [
  "verifying",
  "installing",
  "refused",
  "failed",
  "installed",
] as const;

/** What became of the last package that was handed over since the machine started. */
export interface HandedOver {
  readonly state: (typeof UPGRADE_STATES)[number];
  /** Empty while it is not known. */
  readonly version: string;
  /** Why it was refused or failed; else empty. */
  readonly reason: string;
  /** ISO 8601, by the machine's clock. */
  readonly at: string;
}

/** Hands a package to root's side, which believes nothing of what it is told. */
export interface UpgradeDoor {
  /** Whether there is such a side here. */
  readonly isThere: boolean;
  /** @returns null where root has put none */
  trustedKey(): Promise<PublicJwk | null>;
  /** SHA-256 of a file, base64url. */
  digestOf(path: string): Promise<string>;
  /**
   * Resolves once it is taken.
   *
   * @param upload what names the file in the state folder
   * @param older whether the version in use, or an older one, may be installed
   * @throws {UpgradeRefusedError}
   */
  handOver(upload: string, signature: string, older: boolean): Promise<void>;
  /** Null where nothing was handed over. */
  progress(): Promise<HandedOver | null>;
}
