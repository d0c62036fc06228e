import { KmsError } from "../domain/errors.ts";

/** Switches the machine off in order. */
export interface PowerSwitch {
  /**
   * Resolves once the machine begins to shut down, which then ends this program too.
   *
   * @throws {PowerOffFailedError}
   */
  off(): Promise<void>;
}

/** The machine goes on. The message says how to switch it off otherwise. */
export class PowerOffFailedError extends KmsError {
  readonly code = "power-off-failed";
}
