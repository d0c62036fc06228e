/** The audit log's lines on flash. */
export interface AuditFile {
  /** Whole lines from the oldest kept on, without their ends. */
  lines(): AsyncIterable<string>;
  /** Whether it is time to let old lines go. */
  isFull(): Promise<boolean>;
  /** Lets go of all lines but those written since this was done last. */
  letGo(): Promise<void>;
  /** Resolves once the line is durable. */
  append(line: string): Promise<void>;
  /** Cuts off what stands after the last whole line; bytes that were cut. */
  cutTail(): Promise<number>;
  /** Puts a log that is broken aside, in place of one that was before, and begins an empty one. */
  putAside(): Promise<void>;
}
