import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDurableFile, readIfThere, writeFileDurably } from "../../platform/durable-file.ts";
import type { HistoryStore } from "../../ports/history.ts";

const FILE = "history.json";

/** Whether a file of that name is the history's, finished or not. */
export function isHistoryFile(name: string): boolean {
  return isDurableFile(name, FILE);
}

/** The history in a file of the state folder: a loss of it hinders nobody, so it is no part of the state. */
export class HistoryFile implements HistoryStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes what a power cut left unfinished, too. */
  async load(): Promise<string | undefined> {
    for (const name of await readdir(this.#folder)) {
      if (isHistoryFile(name) && name !== FILE) await rm(join(this.#folder, name), { force: true });
    }
    return readIfThere(join(this.#folder, FILE));
  }

  save(text: string): Promise<void> {
    return writeFileDurably(join(this.#folder, FILE), text);
  }
}
