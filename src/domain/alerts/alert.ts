import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../units.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

interface Damping {
  /** How long it must have been so before it is told. */
  readonly raiseMs: number;
  /** How long it must have been over before that is told. */
  readonly clearMs: number;
}

/**
 * What alerts are about, and how each is kept from flapping: a machine that leaves and comes back, a
 * name server that is restarted and a supply that dips under load are told once.
 */
export const ALERT_KINDS = {
  "threshold-near": { raiseMs: HOUR_MS, clearMs: HOUR_MS },
  "threshold-lost": { raiseMs: MINUTE_MS, clearMs: MINUTE_MS },
  "licence-expiring": { raiseMs: MINUTE_MS, clearMs: MINUTE_MS },
  "licence-expired": { raiseMs: MINUTE_MS, clearMs: MINUTE_MS },
  "dns-lost": { raiseMs: 10 * MINUTE_MS, clearMs: 10 * MINUTE_MS },
  "clock-untrusted": { raiseMs: 10 * MINUTE_MS, clearMs: MINUTE_MS },
  clones: { raiseMs: MINUTE_MS, clearMs: DAY_MS },
  "storage-failed": { raiseMs: 30 * SECOND_MS, clearMs: 5 * MINUTE_MS },
  "space-low": { raiseMs: 10 * MINUTE_MS, clearMs: HOUR_MS },
  "voltage-low": { raiseMs: MINUTE_MS, clearMs: HOUR_MS },
  "audit-broken": { raiseMs: 0, clearMs: MINUTE_MS },
  "update-failed": { raiseMs: 0, clearMs: MINUTE_MS },
  "host-replaced": { raiseMs: 0, clearMs: MINUTE_MS },
} as const satisfies Record<string, Damping>;

export type AlertKind = keyof typeof ALERT_KINDS;

export const ALERT_KIND_NAMES = Object.keys(ALERT_KINDS) as AlertKind[];

/** Something that is wrong now. */
export interface Condition {
  /** Tells it from others of its kind, such as `dns-lost:office.example`. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** Grows where it becomes worse in a way that is told anew. */
  readonly stage: number;
  /** What is wrong, in one sentence that names no client. */
  readonly sentence: string;
  /** What to do, in one sentence. */
  readonly remedy: string;
  /** What will be so once it is over, in one sentence. */
  readonly over: string;
}

export const ALERT_NEWS = ["raised", "reminder", "resolved", "test"] as const;

/** What is sent. Times are milliseconds since 1970. */
export interface Alert {
  /** Of this message: a receiver that gets it twice knows by it. */
  readonly id: string;
  readonly news: (typeof ALERT_NEWS)[number];
  readonly key: string;
  readonly kind: AlertKind | "test";
  readonly severity: Severity;
  /** Since when it is so. */
  readonly sinceMs: number;
  /** When this was told. */
  readonly atMs: number;
  readonly sentence: string;
  readonly remedy: string;
}
