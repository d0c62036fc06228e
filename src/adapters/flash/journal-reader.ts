import type { StateChange, StoreNotice } from "../../ports/store.ts";
import { type JournalHeader, parseJournalHeader } from "./files.ts";
import type { FlashFs } from "./flash-fs.ts";
import { type Line, type LineBatch, readLines } from "./lines.ts";
import type { Schema } from "./schema.ts";

export interface JournalSource {
  readonly path: string;
  /** How much of the file counts, where the next journal tells. */
  readonly end?: number;
}

export interface JournalContent {
  readonly header: JournalHeader | undefined;
  /** Up to the end of the last good line. */
  readonly goodBytes: number;
  /** Beyond that, up to the end of what counts. */
  readonly tailBytes: number;
}

/** Damaged lines told of one by one in each file, so that a ruined file does not flood the log. */
const MOST_NOTICES = 10;

/**
 * Replays a journal, handing on its changes, which must be taken at once, and gives notice of every damaged line that is followed
 * by a good one. Damaged lines at the end are left to the caller to judge.
 *
 * @throws {StorageUnreadableError} it is of a newer version.
 */
export async function readJournal(
  fs: FlashFs,
  source: JournalSource,
  schema: Schema,
  add: (changes: Iterable<StateChange>) => void,
  notify: (notice: StoreNotice) => void,
): Promise<JournalContent> {
  const parser = new JournalParser(source.path, schema, notify);
  const file = await fs.open(source.path, "read");
  try {
    await readLines(file, (batch) => add(parser.changes(batch)), source.end);
  } finally {
    await file.close();
  }
  return parser.finish();
}

class JournalParser {
  readonly #path: string;
  readonly #schema: Schema;
  readonly #notify: (notice: StoreNotice) => void;
  #header: JournalHeader | undefined;
  #goodBytes = 0;
  #readBytes = 0;
  #damaged: number[] = [];
  #notices = 0;

  constructor(path: string, schema: Schema, notify: (notice: StoreNotice) => void) {
    this.#path = path;
    this.#schema = schema;
    this.#notify = notify;
  }

  *changes(batch: LineBatch): Generator<StateChange, void> {
    for (const line of batch.lines(true)) {
      const changes = this.#changesOf(line);
      this.#readBytes = line.end;
      if (changes === undefined) {
        this.#damaged.push(line.number);
        continue;
      }
      this.#goodBytes = line.end;
      for (const number of this.#damaged.splice(0)) this.#notifyDamaged(number);
      yield* changes;
    }
  }

  finish(): JournalContent {
    return {
      header: this.#header,
      goodBytes: this.#goodBytes,
      tailBytes: this.#readBytes - this.#goodBytes,
    };
  }

  /** Undefined if the line is damaged. */
  #changesOf({ json, number }: Line): readonly StateChange[] | undefined {
    if (json === undefined) return undefined;
    if (number === 1) {
      this.#header = parseJournalHeader(json);
      if (this.#header !== undefined) this.#schema.check(this.#header.schema, this.#path);
      return this.#header === undefined ? undefined : [];
    }
    // Without a header the rows are taken for current ones: every version's rows differ in form.
    return this.#schema.decode(json, this.#header?.schema ?? this.#schema.version);
  }

  #notifyDamaged(line: number): void {
    this.#notices += 1;
    if (this.#notices > MOST_NOTICES) return;
    const reason =
      this.#notices < MOST_NOTICES
        ? "its checksum is wrong; what it told is lost"
        : "its checksum is wrong, and perhaps those of more lines after it";
    this.#notify({ kind: "damaged-journal", file: this.#path, line, reason });
  }
}
