import { KmsError } from "../domain/errors.ts";

/** A backup is being made or read already: each needs much memory. */
export class BackupBusyError extends KmsError {
  readonly code = "backup-busy";
}

/** The program that makes and reads backups refused, or broke off; the message says why. */
export class BackupRefusedError extends KmsError {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** There is no such upload (any more), or it cannot be taken. */
export class UploadRefusedError extends KmsError {
  readonly code = "upload-refused";
}

/** What a backup holds, as it was verified. */
export interface BackupContents {
  /** ISO 8601. */
  readonly created: string;
  /** Version that wrote it. */
  readonly program: string;
  /** Thumbprint of the host key. */
  readonly host: string;
  readonly hostname: string;
  readonly generation: number;
  readonly clients: number;
  readonly records: number;
  /** `expires` in ISO 8601. */
  readonly licences: readonly { readonly vendor: string; readonly expires: string }[];
  /** Names of files of settings. */
  readonly settings: readonly string[];
}

/** A restore that is due at the next start. */
export interface RecordedRestore {
  readonly host: string;
  readonly created: string;
  readonly clients: number;
  readonly generation: number;
}

/** Makes and reads encrypted backups in a process of its own, one after the other. */
export interface BackupWorker {
  /**
   * The encrypted file, once its first bytes are there; who does not read on ends the process.
   *
   * @throws {BackupBusyError}
   * @throws {BackupRefusedError} what comes may throw it too
   */
  make(passphrase: string): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Verifies all of a file.
   *
   * @throws {BackupBusyError}
   * @throws {BackupRefusedError}
   */
  inspect(path: string, passphrase: string): Promise<BackupContents>;
  /**
   * Verifies all of a file; resolves once it is durable that the box becomes the one in it.
   *
   * @param generation of the box that it replaces
   * @throws {BackupBusyError}
   * @throws {BackupRefusedError} nothing is changed
   */
  record(path: string, passphrase: string, generation: number): Promise<RecordedRestore>;
}

/** Takes one file at a time from whoever administers the box. */
export interface Uploads {
  /**
   * Keeps a file for a while in place of the one before.
   *
   * @param bytes how many there will be, as was announced
   * @throws {UploadRefusedError} it is too large, or breaks off
   */
  receive(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<string>;
  /** @throws {UploadRefusedError} it is there no more */
  pathOf(id: string): string;
  discard(): Promise<void>;
}
