import type { WearBaseline } from "../../domain/health/flash-wear.ts";
import type { StorageFacts } from "../../ports/health.ts";
import type { CmidStore, Json } from "../../ports/store.ts";

/** Name of the document that says what was written before the box was installed. */
const FLASH_DOCUMENT = "flash";

/** Keeps on flash, once for each file system, what was written to it before the box was there. */
export class WearBaselineKeeper {
  readonly #store: Pick<CmidStore, "documents" | "commit">;

  constructor(store: Pick<CmidStore, "documents" | "commit">) {
    this.#store = store;
  }

  /** Null before one is kept, and on another file system. */
  baseline({ fileSystem, lifetimeBytes }: StorageFacts): WearBaseline | null {
    const kept = parseBaseline(this.#store.documents.get(FLASH_DOCUMENT));
    if (kept === undefined || kept.fileSystem !== fileSystem || lifetimeBytes === null) return null;
    // Another card in the same place was written to less.
    return lifetimeBytes < kept.lifetimeBytes ? null : kept;
  }

  /** Resolves once it is kept, or it is known that it cannot be: the store tells of that. */
  async keep(storage: StorageFacts, nowMs: number): Promise<void> {
    const { fileSystem, lifetimeBytes } = storage;
    if (fileSystem === null || lifetimeBytes === null || this.baseline(storage) !== null) return;
    const value = { fileSystem, lifetimeBytes, atMs: nowMs } satisfies WearBaseline;
    const change = { op: "document", name: FLASH_DOCUMENT, value } as const;
    await this.#store.commit([change]).catch(() => undefined);
  }
}

function parseBaseline(value: Json | undefined): WearBaseline | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { fileSystem, lifetimeBytes, atMs } = value as Partial<WearBaseline>;
  if (typeof fileSystem !== "string") return undefined;
  if (typeof lifetimeBytes !== "number" || typeof atMs !== "number") return undefined;
  return { fileSystem, lifetimeBytes, atMs };
}
