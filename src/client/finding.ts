import type { FoundHost } from "./shapes.ts";

/** One way of finding hosts. */
export interface HostFinder {
  /**
   * Candidates in the order in which to try them, or why there are none. Ends in seconds, and soon
   * after the signal aborts. Never rejects.
   */
  find(signal?: AbortSignal): Promise<Finding>;
}

/** What one place that was asked said. */
export interface Asked {
  /** Such as `SRV in office.example`. */
  readonly place: string;
  /** How many hosts it named. */
  readonly found: number;
  /** In a clause, why it named none; empty otherwise. */
  readonly whyNot: string;
}

export interface Finding {
  readonly hosts: readonly FoundHost[];
  /** In a clause, for the message when nothing is found; empty if hosts were found. */
  readonly whyNot: string;
  /** In the order in which they were asked. */
  readonly asked: readonly Asked[];
}
