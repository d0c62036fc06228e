import type { BackupCounts, BackupHeader, SettingsFile } from "../../domain/backup.ts";
import type { StateChange, StateSize } from "../../ports/store.ts";
import { encodeLine } from "../flash/lines.ts";
import { COLUMNS, toRow } from "../flash/rows.ts";
import type { BackupItem } from "./backup-reader.ts";
import { isStateFileKind } from "./state-files.ts";

/** Lines as JSON, and at the end what they hold. */
export type BackupBody = AsyncGenerator<string, BackupCounts>;

/** Handed on together; a line of its own would cost more than what is in it. */
const CHUNK_CHARS = 64 << 10;

export interface BackedUpState {
  readonly header: BackupHeader;
  /** The private key as JWK. */
  readonly hostKey: object;
  readonly changes: AsyncGenerator<readonly StateChange[], StateSize>;
  /** What the administrator set while the box ran. */
  readonly files: readonly SettingsFile[];
  /** Documents that tell of this very machine, and of no other one. */
  readonly leaveOut: ReadonlySet<string>;
}

/** A box's header, key and state. */
export async function* stateBody(state: BackedUpState): BackupBody {
  const { header, hostKey, changes, files, leaveOut } = state;
  yield JSON.stringify({ ...header, columns: COLUMNS });
  yield JSON.stringify({ hostKey });
  try {
    for (;;) {
      const next = await changes.next();
      if (next.done) {
        for (const file of files) yield JSON.stringify({ file });
        return { ...next.value, files: files.length };
      }
      for (const change of next.value) {
        if (change.op === "document" && leaveOut.has(change.name)) continue;
        yield JSON.stringify([toRow(change)]);
      }
    }
  } finally {
    await changes.return({ records: 0, clients: 0 });
  }
}

/** A backup that was read, with files of root's in place of those in it; the box's own stay. */
export async function* withSettings(
  items: AsyncIterable<BackupItem>,
  files: readonly SettingsFile[],
): BackupBody {
  let own = 0;
  for await (const item of items) {
    if (item.kind === "file") {
      if (!isStateFileKind(item.file)) continue;
      own += 1;
    }
    if (item.kind !== "end") {
      yield item.json;
      continue;
    }
    for (const file of files) yield JSON.stringify({ file });
    return { ...item.counts, files: own + files.length };
  }
  throw new Error("a backup that is read to its end has one");
}

/** The bytes of a backup, before it is encrypted: checksummed lines as in the state's own files. */
export async function* encodeBackup(body: BackupBody): AsyncGenerator<Buffer, void> {
  let lines = 0;
  let text = "";
  for (;;) {
    const next = await body.next();
    const json = next.done ? JSON.stringify({ end: { lines, ...next.value } }) : next.value;
    text += encodeLine(json);
    lines += 1;
    if (!next.done && text.length < CHUNK_CHARS) continue;
    yield Buffer.from(text);
    text = "";
    if (next.done) return;
  }
}
