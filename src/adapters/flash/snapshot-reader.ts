import { crc32 } from "node:zlib";
import type { StateChange } from "../../ports/store.ts";
import { parseSnapshotHeader, type SnapshotHeader, type SnapshotTrailer } from "./files.ts";
import type { FlashFs } from "./flash-fs.ts";
import { encodeLine, hex, type Line, type LineBatch, readLines } from "./lines.ts";
import { parseJson, type Schema } from "./schema.ts";

/** The slot cannot be used. Its state may still stand in the other slot. */
export class DamagedSlotError extends Error {}

export interface SnapshotContent {
  readonly header: SnapshotHeader;
  readonly bytes: number;
}

/**
 * Reads a whole slot, handing on its changes, which must be taken at once.
 *
 * @throws {DamagedSlotError} not all of it is as it was written; the changes handed on are worthless.
 * @throws {StorageUnreadableError} it is of a newer version.
 */
export async function readSnapshot(
  fs: FlashFs,
  path: string,
  schema: Schema,
  add: (changes: Iterable<StateChange>) => void,
): Promise<SnapshotContent> {
  const parser = new SnapshotParser(path, schema);
  const file = await fs.open(path, "read");
  try {
    await readLines(file, (batch) => add(parser.changes(batch)));
  } finally {
    await file.close();
  }
  return parser.finish();
}

class SnapshotParser {
  readonly #path: string;
  readonly #schema: Schema;
  #header: SnapshotHeader | undefined;
  #trailer: SnapshotTrailer | undefined;
  #rows = 0;
  #crc = 0;
  #bytes = 0;

  constructor(path: string, schema: Schema) {
    this.#path = path;
    this.#schema = schema;
  }

  /** The lines are verified by the checksum over the whole file only, which is faster. */
  *changes(batch: LineBatch): Generator<StateChange, void> {
    for (const line of batch.lines(false)) {
      if (this.#header === undefined) this.#header = this.#parseHeader(line.json);
      else if (line.json?.startsWith("{")) this.#end(line, batch);
      else yield* this.#row(line, this.#header.schema);
    }
    if (this.#trailer === undefined) this.#crc = crc32(batch.bytes, this.#crc);
  }

  finish(): SnapshotContent {
    if (this.#header === undefined || this.#trailer === undefined) {
      throw new DamagedSlotError("its end is missing");
    }
    return { header: this.#header, bytes: this.#bytes };
  }

  #parseHeader(json: string | undefined): SnapshotHeader {
    const header = parseSnapshotHeader(json);
    if (header === undefined) throw new DamagedSlotError("its first line is not a header");
    this.#schema.check(header.schema, this.#path);
    return header;
  }

  #row(line: Line, version: number): readonly StateChange[] {
    const changes = line.json === undefined ? undefined : this.#schema.decode(line.json, version);
    if (changes === undefined) throw new DamagedSlotError(`line ${line.number} is damaged`);
    if (this.#trailer !== undefined) throw new DamagedSlotError("something stands after its end");
    this.#rows += 1;
    return changes;
  }

  #end(line: Line, batch: LineBatch): void {
    const start = line.start - batch.start;
    const text = batch.bytes.toString("utf8", start, line.end - batch.start);
    const trailer = text === encodeLine(line.json ?? "") ? parseTrailer(line.json) : undefined;
    if (trailer === undefined) throw new DamagedSlotError(`line ${line.number} is damaged`);
    if (trailer.rows !== this.#rows) throw new DamagedSlotError("lines are missing");
    if (trailer.crc !== hex(crc32(batch.bytes.subarray(0, start), this.#crc))) {
      throw new DamagedSlotError("the checksum over the whole file is wrong");
    }
    this.#trailer = trailer;
    this.#bytes = line.end;
  }
}

function parseTrailer(json: string | undefined): SnapshotTrailer | undefined {
  const value = json === undefined ? undefined : parseJson(json);
  return typeof value === "object" && value !== null && "rows" in value && "crc" in value
    ? (value as unknown as SnapshotTrailer)
    : undefined;
}
