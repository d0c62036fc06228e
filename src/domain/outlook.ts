/** What becomes of an application's count if no new machine comes. */
export interface Outlook {
  readonly application: string;
  readonly threshold: number;
  /** When the count falls below the threshold; null if it does not as far as can be seen. */
  readonly lostMs: number | null;
}
