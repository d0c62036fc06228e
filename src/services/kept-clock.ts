import type { ClockAnchor } from "../domain/clock.ts";
import type { Json, StateChange } from "../ports/store.ts";

/** Name of the document that says what is known of the clock in one boot of the machine. */
export const CLOCK_DOCUMENT = "clock";

/** What one run of the service leaves to the next one of the same boot. */
interface KeptClock {
  readonly bootId: string;
  readonly anchor: ClockAnchor;
  /** When the administrator vouched for the clock; null if nobody did. */
  readonly wordMs: number | null;
}

export function clockDocument(kept: KeptClock): StateChange {
  return { op: "document", name: CLOCK_DOCUMENT, value: kept as unknown as Json };
}

/** What was kept in this boot; undefined if nothing was, or the boot is not known. */
export function parseKeptClock(
  documents: ReadonlyMap<string, Json>,
  bootId: string | null,
): KeptClock | undefined {
  const value = documents.get(CLOCK_DOCUMENT) as Partial<KeptClock> | null | undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (bootId === null || value.bootId !== bootId) return undefined;
  const { anchor, wordMs = null } = value;
  if (typeof anchor !== "object" || anchor === null) return undefined;
  const { wallMs, elapsedMs, byNtp } = anchor;
  if (!Number.isFinite(wallMs) || !Number.isFinite(elapsedMs)) return undefined;
  return {
    bootId,
    anchor: { wallMs, elapsedMs, byNtp: byNtp === true },
    wordMs: typeof wordMs === "number" ? wordMs : null,
  };
}
