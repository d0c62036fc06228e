import type { FoundHost } from "./shapes.ts";

/** One way of finding hosts. */
export interface HostFinder {
  /** Candidates in the order in which to try them, or why there are none. Never rejects. */
  find(): Promise<Finding>;
}

export interface Finding {
  readonly hosts: readonly FoundHost[];
  /** In a clause, for the message when nothing is found; empty if hosts were found. */
  readonly whyNot: string;
}
