import { KmsError } from "../domain/errors.ts";

/** Makes a box a new one: what it keeps is erased at its next start. */
export interface FactoryReset {
  /**
   * Resolves once it is durable that a reset is due; until then nothing is changed.
   *
   * @throws {FactoryResetFailedError} nothing is changed, now or at the next start
   */
  record(): Promise<void>;
}

/** The medium did not take the request, or what was requested cannot be finished. */
export class FactoryResetFailedError extends KmsError {
  readonly code = "factory-reset-failed";
}
