import { crc32 } from "node:zlib";
import { encodeHeader, type SnapshotHeader, type SnapshotTrailer } from "./files.ts";
import { type FlashFile, type FlashFs, writeFully } from "./flash-fs.ts";
import { encodeLine, hex } from "./lines.ts";
import { type Row, recordToRow, toRow } from "./rows.ts";
import type { FlashState } from "./state.ts";
import type { FlashTimers } from "./timers.ts";

export interface SnapshotJob {
  readonly folder: string;
  /** Where the finished snapshot goes, replacing what is there. */
  readonly path: string;
  readonly header: SnapshotHeader;
  readonly state: FlashState;
  /**
   * Called when all is written and before the snapshot is made valid. Resolves when every change that
   * may be in it is durable; rejects if one was taken back.
   */
  readonly confirm: () => Promise<void>;
  /** Throws when the snapshot is no longer wanted. */
  readonly check: () => void;
}

/** Longest time that the event loop is held between two pauses. */
const SLICE_MS = 4;
const SLICE_BYTES = 256 << 10;

/**
 * Writes a snapshot beside the work that goes on. It is fuzzy: changes made meanwhile are in it or
 * not. Since each also stands in the journal that the header names, replaying that puts all right.
 */
export class SnapshotWriter {
  readonly #fs: FlashFs;
  readonly #timers: FlashTimers;

  constructor(fs: FlashFs, timers: FlashTimers) {
    this.#fs = fs;
    this.#timers = timers;
  }

  /** Resolves to the size when the snapshot is durable in its place. */
  async write(job: SnapshotJob): Promise<{ rows: number; bytes: number }> {
    const temporary = `${job.path}.tmp`;
    try {
      const written = await this.#writeTemporary(temporary, job);
      await this.#fs.rename(temporary, job.path);
      await this.#fs.syncFolder(job.folder);
      return written;
    } catch (error) {
      await this.#fs.remove(temporary).catch(() => undefined);
      throw error;
    }
  }

  async #writeTemporary(path: string, job: SnapshotJob): Promise<{ rows: number; bytes: number }> {
    const file = await this.#fs.open(path, "create");
    try {
      const body = await this.#writeRows(file, job);
      await job.confirm();
      const trailer: SnapshotTrailer = { rows: body.rows, crc: hex(body.crc) };
      const end = Buffer.from(encodeLine(JSON.stringify(trailer)));
      await writeFully(file, end, body.bytes);
      await file.sync();
      return { rows: body.rows, bytes: body.bytes + end.length };
    } finally {
      await file.close().catch(() => undefined);
    }
  }

  async #writeRows(
    file: FlashFile,
    job: SnapshotJob,
  ): Promise<{ rows: number; bytes: number; crc: number }> {
    const rows = rowsOf(job.state);
    let count = 0;
    let bytes = 0;
    let crc = 0;
    let text = encodeHeader(job.header);
    for (let ended = false; !ended; ) {
      const untilMs = this.#timers.nowMs() + SLICE_MS;
      while (!ended && text.length < SLICE_BYTES && this.#timers.nowMs() < untilMs) {
        const next = rows.next();
        ended = next.done === true;
        if (next.done === true) break;
        text += encodeLine(JSON.stringify([next.value]));
        count += 1;
      }
      const data = Buffer.from(text);
      crc = crc32(data, crc);
      await writeFully(file, data, bytes);
      bytes += data.length;
      text = "";
      await this.#timers.pause();
      job.check();
    }
    return { rows: count, bytes, crc };
  }
}

function* rowsOf(state: FlashState): Generator<Row, void> {
  const { ledger } = state;
  // Records that come to stand behind this limit during the walk are in the journal.
  const places = ledger.places;
  for (let place = 0; place < places; place++) {
    const record = ledger.at(place);
    if (record !== undefined) yield recordToRow(record);
  }
  for (const [name, value] of [...state.documents]) {
    yield toRow({ op: "document", name, value });
  }
  yield toRow({ op: "time", timeMs: state.timeMarkMs });
}
