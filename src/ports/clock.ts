import type { ClockAuthority } from "../domain/clock.ts";
import { KmsError } from "../domain/errors.ts";

export interface Clock {
  /** Wall time, milliseconds since 1970; may step. */
  nowMs(): number;
  /** Milliseconds from an arbitrary origin; never steps. Stands still while the machine sleeps. */
  monotonicMs(): number;
}

/** A clock that also knows how long the machine slept. */
export interface BootClock extends Clock {
  /** Milliseconds since the machine was started, asleep or awake; never steps. Costs a small read. */
  sinceBootMs(): number;
}

/** What one source says of the wall clock. */
export interface ClockReading {
  /** Stable, for scripts: `timesyncd`, `chrony`, `kernel`, `rtc`, `system`. */
  readonly name: string;
  readonly authority: ClockAuthority;
  /** Whether it vouches for the wall clock now. */
  readonly trusted: boolean;
  /** What vouches, such as "NTP (chrony)", or why it does not; without a full stop. */
  readonly detail: string;
  /** When the source last set or checked the clock; null where it does not tell. */
  readonly ageMs: number | null;
}

/** Something that may have set the wall clock. Answers at once and never throws. */
export interface ClockSource {
  read(): ClockReading;
}

/** All the sources that the configuration lets vouch for the clock, the most reliable first. */
export interface ClockSources {
  readings(): readonly ClockReading[];
  /** What to tell where none of them vouches: a sentence, and what to do. */
  readonly lacking: string;
}

/** Sets the machine's clock. */
export interface ClockSetter {
  /** @throws {ClockNotPermittedError} @throws {ClockNotSetError} */
  set(timeMs: number): Promise<void>;
}

/** This user may not set the machine's clock; the message says who may and how. */
export class ClockNotPermittedError extends KmsError {
  readonly code = "clock-not-permitted";
}

/** The machine's clock could not be set; the message says why. */
export class ClockNotSetError extends KmsError {
  readonly code = "clock-not-set";
}

/** Timers that tests drive by hand. */
export interface Timers {
  /** Calls once after `delayMs` (monotonic) and returns how to take that back. */
  after(delayMs: number, call: () => void): () => void;
}
