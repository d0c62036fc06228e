import { join } from "node:path";
import type { SettingsFile } from "../../domain/backup.ts";
import { KmsError } from "../../domain/errors.ts";
import { GENERATION_DOCUMENT } from "../../domain/generation.ts";
import type { ActivationLedger } from "../../domain/ledger.ts";
import { KeyUnreadableError, NodeEd25519Signer, parsePrivateJwk } from "../../platform/ed25519.ts";
import { type Restored, RestoreFailedError } from "../../ports/restore.ts";
import { StorageLockedError } from "../../ports/store.ts";
import { eraseBox } from "../flash/erase-box.ts";
import { reasonFor } from "../flash/failures.ts";
import { parseHeader, RESTORE_FILE, readFirstLine, slotPath } from "../flash/files.ts";
import { type FlashFs, writeFully } from "../flash/flash-fs.ts";
import { JournalFile } from "../flash/journal-file.ts";
import { encodeLine } from "../flash/lines.ts";
import { NodeFlashFs } from "../flash/node-flash-fs.ts";
import { MIGRATIONS, Schema } from "../flash/schema.ts";
import { SnapshotWriter } from "../flash/snapshot-writer.ts";
import { type FlashState, StateBuilder } from "../flash/state.ts";
import { type FlashTimers, systemTimers } from "../flash/timers.ts";
import { HOST_KEY_FILE } from "../keys/host-key-file.ts";
import { BackupDamagedError } from "./backup-errors.ts";
import { readBackup } from "./backup-reader.ts";
import { isStateFileKind, stateFileName } from "./state-files.ts";

export interface FlashRestoreOptions {
  readonly folder: string;
  /** Name of a folder in it with a vendor's key that the former box made. */
  readonly vendorFolder: string;
  readonly newLedger: () => ActivationLedger;
  readonly fs?: FlashFs;
  readonly timers?: FlashTimers;
}

/** What a restore gives the box beside what is in the backup. */
export interface RestoreOrder {
  readonly generation: number;
  /** When it was asked for, ISO 8601. */
  readonly ordered: string;
}

const FORMAT = "kms-box restore";
const CHUNK_BYTES = 256 << 10;
const UNCHANGED = "The box is as it was.";

/**
 * The restore of a state folder: a file holds all of the backup, decrypted and checked, and goes when
 * the box is made of it. A power cut leaves either the box as it was or, after the next start, the
 * one of the backup.
 */
export class FlashRestore {
  readonly #options: FlashRestoreOptions;
  readonly #fs: FlashFs;
  readonly #marker: string;

  constructor(options: FlashRestoreOptions) {
    this.#options = options;
    this.#fs = options.fs ?? new NodeFlashFs();
    this.#marker = join(options.folder, RESTORE_FILE);
  }

  /**
   * Resolves once it is durable that the restore is due; until then nothing is changed. The caller
   * keeps other processes out of the folder.
   *
   * @param chunks a whole backup; what it throws ends this
   * @param prepare what the finished file needs before it counts, such as another owner
   * @throws {RestoreFailedError} the medium does not take it; nothing is changed
   */
  async record(
    chunks: AsyncIterable<Uint8Array>,
    order: RestoreOrder,
    prepare: (path: string) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const temporary = `${this.#marker}.tmp`;
    try {
      // Whatever has that name: what is made here is nobody else's.
      await this.#fs.remove(temporary);
      await this.#write(temporary, chunks, order);
      await prepare(temporary);
      await this.#fs.rename(temporary, this.#marker);
      await this.#fs.syncFolder(this.#options.folder);
    } catch (error) {
      const outcome = await this.#takeBack(temporary);
      if (!isSystemError(error)) throw error;
      throw new RestoreFailedError(
        `The restore could not be recorded: ${reasonFor(error)}. ${outcome}`,
        { cause: error },
      );
    }
  }

  /** Nothing may come of a request that failed. */
  async #takeBack(temporary: string): Promise<string> {
    try {
      await this.#fs.remove(this.#marker);
      await this.#fs.remove(temporary);
      await this.#fs.syncFolder(this.#options.folder);
      return UNCHANGED;
    } catch {
      const kind = await this.#fs.kindOf(this.#marker).catch(() => "other");
      return kind === undefined ? UNCHANGED : "It may be done at the next start all the same.";
    }
  }

  /**
   * Makes the box of the backup if a restore is due; killed at any moment, it is finished by the next
   * call.
   *
   * @param guard makes sure that no other process writes to the folder
   * @returns undefined if none was due
   * @throws {RestoreFailedError} it is due and cannot be finished, for now
   * @throws {StorageLockedError} it is due, and another process uses the folder
   */
  async finish(guard: () => Promise<void>): Promise<Restored | undefined> {
    const { folder, vendorFolder } = this.#options;
    try {
      const order = await this.#order();
      if (order === undefined) return undefined;
      await guard();
      const { state, jwk, files, restored } = await this.#load(order);
      await eraseBox({ folder, vendorFolder, fs: this.#fs });
      await this.#writeKey(jwk);
      await this.#writeState(state);
      await this.#writeFiles(files);
      await this.#fs.remove(this.#marker);
      await this.#fs.syncFolder(folder);
      return restored;
    } catch (error) {
      if (error instanceof StorageLockedError || error instanceof RestoreFailedError) throw error;
      throw new RestoreFailedError(
        `A restore of ${folder} is due and cannot be finished: ${reasonFor(error)}. ` +
          "Then start the box again.",
        { cause: error },
      );
    }
  }

  async #order(): Promise<(RestoreOrder & { readonly bytes: number }) | undefined> {
    const kind = await this.#fs.kindOf(this.#marker);
    if (kind === undefined) return undefined;
    const json = kind === "file" ? await readFirstLine(this.#fs, this.#marker) : undefined;
    const header = parseHeader(json, FORMAT);
    const { generation, ordered } = header ?? {};
    if (json === undefined || typeof generation !== "number" || typeof ordered !== "string") {
      throw this.#unusable();
    }
    return { generation, ordered, bytes: Buffer.byteLength(encodeLine(json)) };
  }

  #unusable(cause?: unknown): RestoreFailedError {
    return new RestoreFailedError(
      `${this.#marker} should hold a backup to be restored, but is damaged. Remove it, then restore ` +
        "the backup again.",
      { cause },
    );
  }

  async #load(order: RestoreOrder & { readonly bytes: number }) {
    const builder = new StateBuilder(this.#options.newLedger());
    let created = "";
    let jwk = "";
    const files: SettingsFile[] = [];
    try {
      for await (const item of readBackup(this.#chunks(order.bytes))) {
        if (item.kind === "header") created = item.header.created;
        else if (item.kind === "host-key") jwk = item.jwk;
        else if (item.kind === "changes") builder.add(item.changes);
        else if (item.kind === "file" && isStateFileKind(item.file)) files.push(item.file);
      }
      const { thumbprint: host } = new NodeEd25519Signer(parsePrivateJwk(jwk, this.#marker));
      const { generation, ordered } = order;
      const { state } = builder;
      state.documents.set(GENERATION_DOCUMENT, { generation, ordered, created });
      return {
        state,
        jwk,
        files,
        restored: { host, generation, created, clients: state.ledger.clients },
      };
    } catch (error) {
      if (error instanceof BackupDamagedError || error instanceof KeyUnreadableError) {
        throw this.#unusable(error);
      }
      throw error;
    }
  }

  async *#chunks(from: number): AsyncGenerator<Uint8Array, void> {
    const file = await this.#fs.open(this.#marker, "read");
    try {
      for (let position = from; ; ) {
        const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
        const got = await file.read(chunk, position);
        if (got === 0) return;
        yield chunk.subarray(0, got);
        position += got;
      }
    } finally {
      await file.close();
    }
  }

  async #write(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    { generation, ordered }: RestoreOrder,
  ): Promise<void> {
    const note =
      "When it next starts, the box becomes the one that is backed up below. Remove this file to " +
      "keep the box as it is. It holds the host key: keep it secret.";
    const header = { format: FORMAT, schema: 1, generation, ordered, note };
    await this.#writeFile(path, [Buffer.from(encodeLine(JSON.stringify(header)))], chunks);
  }

  async #writeKey(jwk: string): Promise<void> {
    const path = join(this.#options.folder, HOST_KEY_FILE);
    const temporary = `${path}.00000000-0000-4000-8000-000000000000.tmp`;
    await this.#writeFile(temporary, [Buffer.from(`${jwk}\n`)]);
    await this.#fs.rename(temporary, path);
    await this.#fs.syncFolder(this.#options.folder);
  }

  /** What the administrator set while the former box ran. */
  async #writeFiles(files: readonly SettingsFile[]): Promise<void> {
    for (const file of files) {
      const name = stateFileName(file);
      if (name === undefined) continue;
      await this.#writeFile(join(this.#options.folder, name), [
        Buffer.from(file.content, "base64"),
      ]);
    }
  }

  async #writeFile(
    path: string,
    ...parts: readonly (Iterable<Uint8Array> | AsyncIterable<Uint8Array>)[]
  ): Promise<void> {
    const file = await this.#fs.open(path, "create");
    try {
      let position = 0;
      for (const part of parts) {
        for await (const chunk of part) {
          await writeFully(file, chunk, position);
          position += chunk.length;
        }
      }
      await file.sync();
    } finally {
      await file.close().catch(() => undefined);
    }
  }

  async #writeState(state: FlashState): Promise<void> {
    const { folder, timers = systemTimers } = this.#options;
    const schema = new Schema(MIGRATIONS).version;
    const header = { format: "kms-box journal", schema, number: 1 } as const;
    await (await JournalFile.create(this.#fs, folder, header)).close();
    await new SnapshotWriter(this.#fs, timers).write({
      folder,
      path: slotPath(folder, "a"),
      header: { format: "kms-box snapshot", schema, generation: 1, journal: 1 },
      state,
      confirm: async () => undefined,
      check: () => undefined,
    });
  }
}

function isSystemError(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && !(error instanceof KmsError);
}
