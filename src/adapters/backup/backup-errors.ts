import { KmsError } from "../../domain/errors.ts";

/** The file is not a whole backup: cut, changed, or something else. */
export class BackupDamagedError extends KmsError {
  readonly code = "backup-damaged";
}

/** A later version of this program wrote it. */
export class BackupTooNewError extends KmsError {
  readonly code = "backup-too-new";
}

/** The passphrase, or the identity, is not the one that the file was encrypted with. */
export class WrongPassphraseError extends KmsError {
  readonly code = "wrong-passphrase";
}
