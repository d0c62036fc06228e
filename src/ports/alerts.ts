import type { Alert, AlertKind } from "../domain/alerts/alert.ts";
import { KmsError } from "../domain/errors.ts";

/** Somewhere that alerts are sent to. */
export interface AlertTarget {
  /** The same after a restart; holds no secret. */
  readonly id: string;
  /** For a person; holds no secret. */
  readonly label: string;
  readonly kind: "webhook" | "mail";
  wants(kind: AlertKind): boolean;
  /** How long an alert may wait for others to go with it. */
  readonly gatherMs: number;
  readonly mostAtOnce: number;
  /**
   * Ends within 30 s, and soon after the signal.
   *
   * @returns what the receiver said, in a few words
   * @throws {AlertFailedError} none of them was taken
   */
  send(alerts: readonly Alert[], signal: AbortSignal): Promise<string>;
}

export type AlertFailureCode =
  /** A file with a secret or a certificate cannot be used. */
  | "file-unusable"
  | "unreachable"
  | "timeout"
  /** Whoever answers is not the one that was meant, by its certificate. */
  | "certificate-wrong"
  /** It answered with another address, which is not followed. */
  | "redirected"
  | "refused"
  /** It will never be taken: trying again would not help. */
  | "refused-for-good";

/** Alerts could not be sent; the message says why, and what to do. */
export class AlertFailedError extends KmsError {
  readonly code: AlertFailureCode;

  constructor(code: AlertFailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
