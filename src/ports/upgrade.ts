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
