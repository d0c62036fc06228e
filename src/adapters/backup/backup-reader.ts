import { crc32 } from "node:zlib";
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupCounts,
  type BackupHeader,
  type SettingsFile,
} from "../../domain/backup.ts";
import { type Json, type StateChange, StorageUnreadableError } from "../../ports/store.ts";
import { hex, LONGEST_LINE_BYTES } from "../flash/lines.ts";
import { MIGRATIONS, parseJson, Schema } from "../flash/schema.ts";
import { BackupBounds, isPlainText } from "./backup-checks.ts";
import { BackupDamagedError, BackupTooNewError } from "./backup-errors.ts";

/** One line of a backup, with its JSON as it was written. */
export type BackupItem = { readonly json: string } & (
  | { readonly kind: "header"; readonly header: BackupHeader }
  | { readonly kind: "host-key"; readonly jwk: string }
  | { readonly kind: "changes"; readonly changes: readonly StateChange[] }
  | { readonly kind: "file"; readonly file: SettingsFile }
  | { readonly kind: "end"; readonly counts: BackupCounts }
);

const LINE_FEED = 0x0a;
/** Seconds since 1970 that a Date can tell: the next one is a number still. */
const LATEST_GENERATION = 8.64e12;
const PREFIX = /^[0-9a-f]{8} /;
const SETTINGS_KINDS: readonly unknown[] = ["config", "config.d", "keys", "settings", "dns-key"];

/**
 * Reads what was decrypted, line by line, and checks all of it. Only once the last item, the end, was
 * handed on is it known that the backup is whole.
 *
 * @throws {BackupDamagedError}
 * @throws {BackupTooNewError}
 */
export async function* readBackup(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BackupItem> {
  const parser = new BackupParser();
  for await (const line of linesOf(chunks)) yield parser.parse(line);
  parser.finish();
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  let carry: Buffer[] = [];
  let carried = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (;;) {
      const feed = bytes.indexOf(LINE_FEED, from);
      if (feed < 0) break;
      yield Buffer.concat([...carry, bytes.subarray(from, feed)]);
      carry = [];
      carried = 0;
      from = feed + 1;
    }
    carry.push(Buffer.from(bytes.subarray(from)));
    carried += bytes.length - from;
    if (carried > LONGEST_LINE_BYTES) throw damaged("a line has no end");
  }
  if (carried > 0) throw damaged("its last line is cut");
}

class BackupParser {
  readonly #schema = new Schema(MIGRATIONS);
  readonly #bounds = new BackupBounds();
  #header: BackupHeader | undefined;
  #hasKey = false;
  #lines = 0;
  #ended = false;

  parse(line: Buffer): BackupItem {
    const json = this.#checked(line);
    const value = parseJson(json);
    this.#lines += 1;
    if (this.#ended) throw damaged("something stands after its end");
    if (this.#header === undefined) return this.#first(json, value);
    if (Array.isArray(value)) return this.#rows(json, this.#header.schema);
    const { hostKey, file, end } = membersOf(value);
    if (hostKey !== undefined && !this.#hasKey) {
      this.#hasKey = true;
      return { json, kind: "host-key", jwk: JSON.stringify(hostKey) };
    }
    if (isSettingsFile(file) && this.#bounds.allowFile(file)) return { json, kind: "file", file };
    if (isCounts(end)) return this.#end(json, end);
    throw damaged(`line ${this.#lines} is none of a backup`);
  }

  finish(): void {
    if (!this.#ended) throw damaged("its end is missing");
  }

  #checked(line: Buffer): string {
    const text = line.toString("utf8");
    if (PREFIX.test(text) && hex(crc32(line.subarray(9))) === text.slice(0, 8)) {
      return text.slice(9);
    }
    if (this.#header === undefined) throw new BackupDamagedError(NO_BACKUP);
    throw damaged(`the checksum of line ${this.#lines + 1} is wrong`);
  }

  #first(json: string, value: Json | undefined): BackupItem {
    const header = membersOf(value);
    if (header.format !== BACKUP_FORMAT) throw new BackupDamagedError(NO_BACKUP);
    if (typeof header.version !== "number" || header.version > BACKUP_VERSION) {
      throw new BackupTooNewError(
        `It is a backup of format ${plainOf(JSON.stringify(header.version))}, written by version ` +
          `${plainOf(header.program)} of this program, which reads up to ${BACKUP_VERSION}. ` +
          "Install that version or a later one.",
      );
    }
    if (!isHeader(header)) throw damaged("its first line is not a header");
    this.#checkSchema(header);
    const { format, version, schema, program, created, host, hostname, generation } = header;
    this.#header = { format, version, schema, program, created, host, hostname, generation };
    return { json, kind: "header", header: this.#header };
  }

  #checkSchema({ schema, program }: BackupHeader): void {
    try {
      this.#schema.check(schema, "it");
    } catch (error) {
      if (!(error instanceof StorageUnreadableError)) throw error;
      throw new BackupTooNewError(
        `The state in it is of schema ${schema}, written by version ${program} of this program, ` +
          `which reads up to ${this.#schema.version}. Install that version or a later one.`,
      );
    }
  }

  #rows(json: string, schema: number): BackupItem {
    const changes = this.#schema.decode(json, schema);
    if (changes === undefined || !this.#bounds.allowChanges(changes, json.length)) {
      throw damaged(`line ${this.#lines} is none that a box writes`);
    }
    return { json, kind: "changes", changes };
  }

  #end(json: string, end: BackupCounts & { readonly lines: number }): BackupItem {
    if (end.lines !== this.#lines - 1) throw damaged("lines are missing");
    if (!this.#hasKey) throw damaged("the host key is missing");
    this.#ended = true;
    const { records, clients, files } = end;
    return { json, kind: "end", counts: { records, clients, files } };
  }
}

const NO_BACKUP = "It is not a backup of a KMS Box.";

function damaged(how: string): BackupDamagedError {
  return new BackupDamagedError(`The backup is damaged: ${how}. Take another one.`);
}

type Members = Readonly<Record<string, Json | undefined>>;

function membersOf(value: Json | undefined): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Members)
    : {};
}

function isHeader(value: unknown): value is BackupHeader {
  const { schema, generation, program, created, host, hostname } = value as Members;
  return (
    isCount(schema) &&
    isCount(generation) &&
    generation <= LATEST_GENERATION &&
    [program, created, host, hostname].every(isPlainText) &&
    !Number.isNaN(Date.parse(plainOf(created)))
  );
}

function isSettingsFile(value: unknown): value is SettingsFile {
  const { kind, name, mode, content } = membersOf(value as Json);
  return (
    SETTINGS_KINDS.includes(kind) &&
    typeof name === "string" &&
    typeof content === "string" &&
    isCount(mode)
  );
}

function isCounts(value: unknown): value is BackupCounts & { readonly lines: number } {
  const { lines, records, clients, files } = membersOf(value as Json);
  return [lines, records, clients, files].every(isCount);
}

function plainOf(value: Json | undefined): string {
  return isPlainText(value) ? value : "?";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
