import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Low } from "lowdb";
import { JSONFile } from "lowdb/node";
import type { ContactRecord } from "../../../src/domain/contact.ts";
import type { CmidStore, Json, StateChange } from "../../../src/ports/store.ts";
import { MemoryState } from "./memory-state.ts";

interface FileContent {
  records: Record<string, ContactRecord>;
  documents: Record<string, Json>;
}

/** lowdb as it comes: the whole state is written at every commit, and not synced. */
class JsonFileStore extends MemoryState {
  readonly #db: Low<FileContent>;

  constructor(path: string) {
    super();
    this.#db = new Low(new JSONFile<FileContent>(path), { records: {}, documents: {} });
  }

  async load(): Promise<void> {
    await this.#db.read();
    this.ledger.load(Object.values(this.#db.data.records));
    for (const [name, value] of Object.entries(this.#db.data.documents)) {
      this.documents.set(name, value);
    }
  }

  async commit(changes: readonly StateChange[]): Promise<void> {
    this.apply(changes);
    const { records, documents } = this.#db.data;
    for (const change of changes) {
      if (change.op === "put") {
        records[`${change.record.cmid} ${change.record.product}`] = change.record;
      } else if (change.op === "discard") {
        delete records[`${change.cmid} ${change.product}`];
      } else if (change.op === "document") {
        documents[change.name] = change.value;
      }
    }
    await this.#db.write();
  }

  async close(): Promise<void> {
    await this.#db.write();
  }
}

export async function openJsonFileStore(folder: string): Promise<CmidStore> {
  await mkdir(folder, { recursive: true });
  const store = new JsonFileStore(join(folder, "state.json"));
  await store.load();
  return store;
}
