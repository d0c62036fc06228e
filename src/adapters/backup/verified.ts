import type { BackupCounts, BackupHeader, SettingsFile } from "../../domain/backup.ts";
import type { ActivationLedger } from "../../domain/ledger.ts";
import { KeyUnreadableError, NodeEd25519Signer, parsePrivateJwk } from "../../platform/ed25519.ts";
import type { Json } from "../../ports/store.ts";
import { StateBuilder } from "../flash/state.ts";
import { BackupDamagedError } from "./backup-errors.ts";
import type { BackupItem } from "./backup-reader.ts";

/** What a backup turned out to hold. */
export interface BackupContent {
  readonly header: BackupHeader;
  readonly counts: BackupCounts;
  readonly files: readonly SettingsFile[];
  readonly documents: ReadonlyMap<string, Json>;
}

/** Puts a backup together in memory while it is read, to see that it gives what it says. */
export class BackupCheck {
  readonly #builder: StateBuilder;
  readonly #files: SettingsFile[] = [];
  #header: BackupHeader | undefined;
  #counts: BackupCounts | undefined;

  constructor(newLedger: () => ActivationLedger) {
    this.#builder = new StateBuilder(newLedger());
  }

  /**
   * Hands the items on as they are.
   *
   * @throws {BackupDamagedError}
   */
  async *pass(items: AsyncIterable<BackupItem>): AsyncGenerator<BackupItem, void> {
    for await (const item of items) {
      this.#take(item);
      yield item;
    }
  }

  /** Once all was handed on. */
  get content(): BackupContent {
    if (!this.#header || !this.#counts) throw new Error("the backup was not read to its end");
    const { documents } = this.#builder.state;
    return { header: this.#header, counts: this.#counts, files: this.#files, documents };
  }

  #take(item: BackupItem): void {
    if (item.kind === "header") this.#header = item.header;
    else if (item.kind === "host-key") this.#checkKey(item.jwk);
    else if (item.kind === "changes") this.#builder.add(item.changes);
    else if (item.kind === "file") this.#files.push(item.file);
    else this.#checkCounts(item.counts);
  }

  #checkKey(jwk: string): void {
    try {
      const { thumbprint } = new NodeEd25519Signer(parsePrivateJwk(jwk, "The host key"));
      if (thumbprint === this.#header?.host) return;
    } catch (error) {
      if (!(error instanceof KeyUnreadableError)) throw error;
    }
    throw new BackupDamagedError(
      "The backup is damaged: the host key in it is not the one it names.",
    );
  }

  #checkCounts(counts: BackupCounts): void {
    const { ledger } = this.#builder.state;
    const { records, clients, files } = counts;
    if (records !== ledger.size || clients !== ledger.clients || files !== this.#files.length) {
      throw new BackupDamagedError("The backup is damaged: it holds less or more than it says.");
    }
    this.#counts = counts;
  }
}
