import { KmsError } from "../domain/errors.ts";

/** What became of a box when it was restored. */
export interface Restored {
  /** Thumbprint of the host key. */
  readonly host: string;
  readonly generation: number;
  /** When the backup was made, ISO 8601. */
  readonly created: string;
  readonly clients: number;
}

/** The medium did not take the restore, or one that is due cannot be finished. */
export class RestoreFailedError extends KmsError {
  readonly code = "restore-failed";
}
