import { KmsError } from "../../domain/errors.ts";

/** What a program's exit status tells a script. */
export const EXIT = { ok: 0, failed: 1, usage: 2, refused: 3 } as const;

/** The command was not given what it needs; nothing was done. */
export class UsageError extends KmsError {
  readonly code = "usage";
}

/** A file that was named on the command line cannot be read or written. */
export class FileNotAccessibleError extends KmsError {
  readonly code = "file-not-accessible";
}
