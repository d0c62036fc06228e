import type { LicenceStatus } from "../../domain/status.ts";
import type { StoryName } from "./stories.ts";

/** One day of a simulation. Sums are of this day; all else is as the day ended. */
export interface Day {
  /** The first day is 1. */
  readonly day: number;
  readonly count: number;
  readonly activations: number;
  readonly refusals: number;
  /** Attempts that follow one that did not activate. */
  readonly retries: number;
  readonly discarded: number;
  /** Clients that are switched on, by licence state. */
  readonly clients: { readonly [K in LicenceStatus]: number };
  /** Clients that are switched on and whose last attempt did not activate them. */
  readonly retrying: number;
}

/** A turn in the story. */
export type TurnKind =
  | "clients-joined"
  | "clients-left"
  | "threshold-reached"
  | "threshold-lost"
  /** Every client's last attempt failed. */
  | "all-retrying"
  /** Every client is licensed and its last attempt succeeded. */
  | "all-renewing"
  /** The first client reached the state, or the last one did. */
  | "first-out-of-tolerance"
  | "all-out-of-tolerance"
  | "first-notification"
  | "all-notification";

export interface Turn {
  readonly kind: TurnKind;
  readonly day: number;
  /** Since the start. */
  readonly timeMs: number;
  readonly count: number;
  /** Clients concerned. */
  readonly clients: number;
}

export interface Timeline {
  readonly story: StoryName;
  /** At the start. */
  readonly clients: number;
  readonly seed: number;
  readonly threshold: number;
  readonly days: readonly Day[];
  readonly turns: readonly Turn[];
}

/** One contact of a client with the host. */
export interface Contact {
  /** Since the start. */
  readonly timeMs: number;
  readonly cmid: string;
  /** Licence state that the client reported. */
  readonly status: LicenceStatus;
  readonly activated: boolean;
  readonly count: number;
  /** Whether the attempt before did not activate it. */
  readonly retry: boolean;
}

/** A client's change of licence state. */
export interface StatusChange {
  /** Since the start. */
  readonly timeMs: number;
  readonly cmid: string;
  readonly from: LicenceStatus;
  readonly to: LicenceStatus;
}

/** Follows a simulation while it runs. */
export interface SimulationObserver {
  onContact?(contact: Contact): void;
  onStatusChange?(change: StatusChange): void;
  onDay?(day: Day): void;
}
