import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MINUTE_MS } from "../../domain/units.ts";
import { UploadRefusedError, type Uploads } from "../../ports/backup.ts";
import { isUploadName, uploadName } from "../flash/files.ts";

/** A backup of a million clients has a quarter of it. */
const LARGEST_BYTES = 1 << 30;
/** What the state needs of the disk meanwhile. */
const SPARED_BYTES = 32 << 20;
/** The file itself, the restore that is recorded, and the state that is made of it. */
const COPIES = 3;
const LONGEST_MS = 10 * MINUTE_MS;
const KEPT_MS = 60 * MINUTE_MS;

/** Keeps an upload in the state folder, for the box's user alone, and for an hour at most. */
export class UploadFile implements Uploads {
  readonly #folder: string;
  #id: string | undefined;
  #receiving = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async receive(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<string> {
    if (this.#receiving) throw refused("Another file is being sent. Try again once it is there.");
    this.#receiving = true;
    try {
      await this.discard();
      await this.#requireRoom(bytes);
      const id = randomBytes(16).toString("hex");
      await this.#write(id, chunks, bytes);
      this.#id = id;
      this.#timer = setTimeout(() => void this.discard().catch(() => undefined), KEPT_MS).unref();
      return id;
    } finally {
      this.#receiving = false;
    }
  }

  pathOf(id: string): string {
    if (id === this.#id) return this.#pathOf(id);
    throw refused(
      "That file is there no more: one is kept for an hour, until another. Send it anew.",
    );
  }

  /** Removes also what was left by a service that ended. */
  async discard(): Promise<void> {
    clearTimeout(this.#timer);
    this.#id = undefined;
    for (const name of await readdir(this.#folder)) {
      if (isUploadName(name)) await rm(join(this.#folder, name), { force: true });
    }
  }

  #pathOf(id: string): string {
    return join(this.#folder, uploadName(id));
  }

  async #requireRoom(bytes: number): Promise<void> {
    if (bytes > LARGEST_BYTES) {
      throw refused(`The file has ${bytes} bytes; at most ${LARGEST_BYTES} are taken.`);
    }
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize >= COPIES * bytes + SPARED_BYTES) return;
    throw refused(
      `There is not enough room for ${bytes} bytes beside the state of the box. Use a larger card, ` +
        "or restore on the box itself: kms-box backup restore.",
    );
  }

  async #write(id: string, chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<void> {
    const path = this.#pathOf(id);
    let taken = 0;
    async function* counted(): AsyncGenerator<Uint8Array, void> {
      for await (const chunk of chunks) {
        taken += chunk.length;
        if (taken > bytes) throw refused("There came more than was announced. Send it anew.");
        yield chunk;
      }
    }
    const signal = AbortSignal.timeout(LONGEST_MS);
    try {
      const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
      await pipeline(Readable.from(counted(), { objectMode: false }), file, { signal });
      if (taken !== bytes) throw refused("The file was cut on its way. Send it anew.");
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof UploadRefusedError) throw error;
      if (signal.aborted)
        throw refused("The file took longer than ten minutes. Use a faster line.");
      const reason = error instanceof Error ? error.message : String(error);
      throw new UploadRefusedError(`The file could not be kept: ${reason}. Send it anew.`, {
        cause: error,
      });
    }
  }
}

function refused(message: string): UploadRefusedError {
  return new UploadRefusedError(message);
}
