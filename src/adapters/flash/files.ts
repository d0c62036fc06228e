import { join } from "node:path";
import type { Json } from "../../ports/store.ts";
import type { FlashFs } from "./flash-fs.ts";
import { encodeLine, LineBatch } from "./lines.ts";
import { COLUMNS } from "./rows.ts";
import { parseJson } from "./schema.ts";

/** The two snapshot slots. */
export const SLOTS = ["a", "b"] as const;
export type Slot = (typeof SLOTS)[number];

export function slotPath(folder: string, slot: Slot): string {
  return join(folder, `state.${slot}.jsonl`);
}

export function journalPath(folder: string, number: number): string {
  return join(folder, `journal.${String(number).padStart(8, "0")}.jsonl`);
}

const JOURNAL_NAME = /^journal\.(\d{8,})\.jsonl$/;

const STATE_NAME = /^(state\.[ab]|journal\.\d{8,})\.jsonl(\.v\d+\.bak)?(\.tmp)?$/;

/** Whether a file of that name is the state's: snapshot, journal, kept old file, or unfinished. */
export function isStateFile(name: string): boolean {
  return STATE_NAME.test(name);
}

/** In the state folder, and there only while a factory reset is due. */
export const RESET_FILE = "factory-reset";
/** In the state folder, and there only while a restore is due. */
export const RESTORE_FILE = "restore";

/** Whether a file of that name holds a restore that is due, or was to. */
export function isRestoreFile(name: string): boolean {
  return name === RESTORE_FILE || name === `${RESTORE_FILE}.tmp`;
}

const UPLOAD_NAME = /^upload\.[0-9a-f]{32}\.tmp$/;

/** A file in the state folder that somebody sent, until it is used. */
export function uploadName(id: string): string {
  return `upload.${id}.tmp`;
}

export function isUploadName(name: string): boolean {
  return UPLOAD_NAME.test(name);
}

/** Numbers of the journals among the names, ascending. */
export function journalNumbers(names: readonly string[]): number[] {
  return names
    .flatMap((name) => JOURNAL_NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** First line of a snapshot slot. */
export interface SnapshotHeader {
  readonly format: "kms-box snapshot";
  readonly schema: number;
  /** Rises with every snapshot: the slot with the higher one is the newer. */
  readonly generation: number;
  /** Number of the first journal to replay on top of this snapshot. */
  readonly journal: number;
}

/** Last line of a snapshot slot; without it the slot is damaged. */
export interface SnapshotTrailer {
  readonly rows: number;
  /** CRC-32 of all bytes before the trailer's line. */
  readonly crc: string;
}

/** First line of a journal. */
export interface JournalHeader {
  readonly format: "kms-box journal";
  readonly schema: number;
  readonly number: number;
  /**
   * How much of the journal before this one counts. Bytes beyond were refused, when flash failed, and
   * must not come back even if they could not be cut off.
   */
  readonly after?: { readonly journal: number; readonly bytes: number };
}

/** A header with the columns of the rows, for whoever opens the file in an editor. */
export function encodeHeader(header: SnapshotHeader | JournalHeader): string {
  return encodeLine(JSON.stringify({ ...header, columns: COLUMNS }));
}

export function parseSnapshotHeader(json: string | undefined): SnapshotHeader | undefined {
  const header = parseHeader(json, "kms-box snapshot");
  return header !== undefined && isCount(header.generation) && isCount(header.journal)
    ? (header as unknown as SnapshotHeader)
    : undefined;
}

export function parseJournalHeader(json: string | undefined): JournalHeader | undefined {
  const header = parseHeader(json, "kms-box journal");
  return header !== undefined && isCount(header.number)
    ? (header as unknown as JournalHeader)
    : undefined;
}

/** The members of a first line, if it says that it is of that format. */
export function parseHeader(
  json: string | undefined,
  format: string,
): Readonly<Record<string, Json>> | undefined {
  const value = json === undefined ? undefined : parseJson(json);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const header = value as Readonly<Record<string, Json>>;
  return header.format === format && isCount(header.schema) ? header : undefined;
}

function isCount(value: Json | undefined): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

const HEADER_BYTES = 4096;

/** The JSON of a file's first line; undefined if it is damaged or missing. */
export async function readFirstLine(fs: FlashFs, path: string): Promise<string | undefined> {
  const file = await fs.open(path, "read");
  try {
    const bytes = Buffer.alloc(HEADER_BYTES);
    const got = await file.read(bytes, 0);
    for (const { json } of new LineBatch(bytes.subarray(0, got), 0, 1).lines(true)) return json;
    return undefined;
  } finally {
    await file.close();
  }
}
