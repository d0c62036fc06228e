import { KmsError } from "../domain/errors.ts";
import { GENERATION_DOCUMENT, generationOf } from "../domain/generation.ts";
import type { BackupContents, BackupWorker, RecordedRestore, Uploads } from "../ports/backup.ts";
import type { CmidStore } from "../ports/store.ts";
import { LICENCES_DOCUMENT } from "./licences.ts";

/** There is a box with clients or a licence, which would be lost. */
export class BoxInUseError extends KmsError {
  readonly code = "box-in-use";
}

export interface RestoreDeskParts {
  readonly store: Pick<CmidStore, "documents" | "ledger">;
  readonly worker: Pick<BackupWorker, "inspect" | "record">;
  readonly uploads: Uploads;
}

/** What a backup holds, and what would be lost for it. */
export interface RestorePreview extends BackupContents {
  /** Files that root must put back: the service may not write them. */
  readonly notRestored: readonly string[];
  /** What the box has now. */
  readonly replaces: { readonly clients: number; readonly licensed: boolean };
}

/** Kinds of files that lie outside the state folder. */
const ROOTS = /^(?:configuration$|config\.d\/|keys\/)/;

/** Makes a running box the one of a backup that is sent to it, in three steps. */
export class RestoreDesk {
  readonly #parts: RestoreDeskParts;

  constructor(parts: RestoreDeskParts) {
    this.#parts = parts;
  }

  /**
   * @returns what names the upload
   * @throws {UploadRefusedError}
   */
  upload(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<string> {
    return this.#parts.uploads.receive(chunks, bytes);
  }

  /**
   * Verifies all of the upload; changes nothing.
   *
   * @throws {UploadRefusedError}
   * @throws {BackupRefusedError}
   * @throws {BackupBusyError}
   */
  async check(upload: string, passphrase: string): Promise<RestorePreview> {
    const { worker, uploads } = this.#parts;
    const contents = await worker.inspect(uploads.pathOf(upload), passphrase);
    const notRestored = contents.settings.filter((name) => ROOTS.test(name));
    return { ...contents, notRestored, replaces: this.#replaces() };
  }

  /**
   * Resolves once the restore is durable; the box becomes the other one when it starts again.
   *
   * @param replace whether a box with clients or a licence may be lost for it
   * @throws {BoxInUseError}
   * @throws what `check` throws
   */
  async record(upload: string, passphrase: string, replace: boolean): Promise<RecordedRestore> {
    const { worker, uploads, store } = this.#parts;
    const { clients, licensed } = this.#replaces();
    if (!replace && (clients > 0 || licensed)) {
      throw new BoxInUseError(
        `This box has ${clients} clients${licensed ? " and a licence" : ""}, which would be lost. If ` +
          "that is meant, ask with replace: true.",
      );
    }
    const generation = generationOf(store.documents.get(GENERATION_DOCUMENT));
    const recorded = await worker.record(uploads.pathOf(upload), passphrase, generation);
    await uploads.discard();
    return recorded;
  }

  discard(): Promise<void> {
    return this.#parts.uploads.discard();
  }

  #replaces(): RestorePreview["replaces"] {
    const { ledger, documents } = this.#parts.store;
    return { clients: ledger.clients, licensed: documents.has(LICENCES_DOCUMENT) };
  }
}
