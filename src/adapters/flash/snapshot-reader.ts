import { crc32 } from "node:zlib";
import type { StateChange } from "../../ports/store.ts";
import { parseSnapshotHeader, type SnapshotHeader, type SnapshotTrailer } from "./files.ts";
import type { FlashFs } from "./flash-fs.ts";
import { hex, type Line, scanLines } from "./lines.ts";
import { parseJson, type Schema } from "./schema.ts";

/** The slot cannot be used. Its state may still stand in the other slot. */
export class DamagedSlotError extends Error {}

export interface SnapshotContent {
  readonly header: SnapshotHeader;
  readonly bytes: number;
}

/**
 * Reads a whole slot, handing on each change.
 *
 * @throws {DamagedSlotError} not all of it is as it was written; the changes handed on are worthless.
 * @throws {StorageUnreadableError} it is of a newer version.
 */
export async function readSnapshot(
  fs: FlashFs,
  path: string,
  schema: Schema,
  add: (change: StateChange) => void,
): Promise<SnapshotContent> {
  const parser = new SnapshotParser(path, schema, add);
  const file = await fs.open(path, "read");
  try {
    await scanLines(file, (line, bytes) => parser.visit(line, bytes));
  } finally {
    await file.close();
  }
  return parser.finish();
}

class SnapshotParser {
  readonly #path: string;
  readonly #schema: Schema;
  readonly #add: (change: StateChange) => void;
  #header: SnapshotHeader | undefined;
  #trailer: SnapshotTrailer | undefined;
  #rows = 0;
  #crc = 0;
  #bytes = 0;

  constructor(path: string, schema: Schema, add: (change: StateChange) => void) {
    this.#path = path;
    this.#schema = schema;
    this.#add = add;
  }

  visit(line: Line, bytes: Buffer): boolean {
    if (line.json === undefined) throw new DamagedSlotError(`line ${line.number} is damaged`);
    if (this.#trailer !== undefined) {
      throw new DamagedSlotError(`line ${line.number} stands after the end`);
    }
    if (this.#header === undefined) this.#begin(line.json);
    else if (line.json.startsWith("{")) this.#end(line.json);
    else this.#row(line.json, line.number, this.#header.schema);
    this.#crc = crc32(bytes, this.#crc);
    this.#bytes = line.end;
    return true;
  }

  finish(): SnapshotContent {
    if (this.#header === undefined || this.#trailer === undefined) {
      throw new DamagedSlotError("its end is missing");
    }
    return { header: this.#header, bytes: this.#bytes };
  }

  #begin(json: string): void {
    this.#header = parseSnapshotHeader(json);
    if (this.#header === undefined) throw new DamagedSlotError("its first line is not a header");
    this.#schema.check(this.#header.schema, this.#path);
  }

  #row(json: string, number: number, version: number): void {
    const changes = this.#schema.decode(json, version);
    if (changes === undefined) throw new DamagedSlotError(`line ${number} is not understood`);
    for (const change of changes) this.#add(change);
    this.#rows += 1;
  }

  #end(json: string): void {
    this.#trailer = parseJson(json) as unknown as SnapshotTrailer;
    if (this.#trailer.rows !== this.#rows) throw new DamagedSlotError("lines are missing");
    if (this.#trailer.crc !== hex(this.#crc)) {
      throw new DamagedSlotError("the checksum over the whole file is wrong");
    }
  }
}
