/** Keeps one text over restarts and power cuts. */
export interface HistoryStore {
  /** Undefined if there is none yet. */
  load(): Promise<string | undefined>;
  /** Durable once it resolves; a power cut leaves the text before or this one. */
  save(text: string): Promise<void>;
}
