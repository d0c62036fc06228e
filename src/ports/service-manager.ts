import { KmsError } from "../domain/errors.ts";

/** What the box tells whoever runs it. */
export interface ServiceNews {
  /** It serves from now on. */
  readonly ready?: boolean;
  /** It has found itself working. */
  readonly alive?: boolean;
  /** It begins to stop. */
  readonly stopping?: boolean;
  /** How it stands, in one line. */
  readonly status?: string;
}

/** Whoever runs the box as a service, and starts it again if it gives no sign of life. */
export interface ServiceManager {
  /** How long it waits for a sign of life; null if it waits for none. */
  readonly patienceMs: number | null;
  /**
   * Resolves once the manager has taken it.
   *
   * @throws {ManagerNotToldError}
   */
  tell(news: ServiceNews): Promise<void>;
}

/** Proves that the host does what it is there for. */
export interface SelfCheck {
  /**
   * Ends within seconds.
   *
   * @throws {SelfCheckFailedError} the message says what does not work
   */
  run(): Promise<void>;
}

/** The service manager could not be told something. */
export class ManagerNotToldError extends KmsError {
  readonly code = "manager-not-told";
}

/** The host does not do what it is there for, which a new start may help. */
export class SelfCheckFailedError extends KmsError {
  readonly code = "self-check-failed";
}
