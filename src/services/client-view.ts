/** A client as the administrator sees it; times as NumericDate. */
export interface ClientView {
  readonly cmid: string;
  readonly hostname: string;
  readonly product: string;
  readonly application: string;
  readonly agent: string;
  readonly status: string;
  readonly firstContact: number;
  readonly lastContact: number;
  /** End of the last lease; null if none was issued. */
  readonly activatedUntil: number | null;
  /** Whole days to that end, negative once it is past; null if no lease was issued. */
  readonly daysLeft: number | null;
}
