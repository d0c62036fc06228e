/** Why the wall clock may or may not be relied on. */
export type ClockTrust =
  | { readonly trusted: true; readonly source: string }
  | { readonly trusted: false; readonly reason: string };

export interface Clock {
  /** Wall time, milliseconds since 1970; may step. */
  nowMs(): number;
  /** Milliseconds from an arbitrary origin; never steps. */
  monotonicMs(): number;
}

/** Says whether the wall clock was set by something that knows the time. */
export interface ClockSource {
  trust(): ClockTrust;
}

/** Timers that tests drive by hand. */
export interface Timers {
  /** Calls once after `delayMs` (monotonic) and returns how to take that back. */
  after(delayMs: number, call: () => void): () => void;
}
