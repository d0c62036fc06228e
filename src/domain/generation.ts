import { SECOND_MS } from "./units.ts";

/** Of a box that was never restored. */
export const FIRST_GENERATION = 1;

/** Name of the document that tells a restored box's generation. */
export const GENERATION_DOCUMENT = "generation";

/** The generation that the document tells; that of a box never restored without one. */
export function generationOf(document: unknown): number {
  const { generation } = (document ?? {}) as { generation?: unknown };
  return Number.isSafeInteger(generation) ? (generation as number) : FIRST_GENERATION;
}

/**
 * The generation of a box that is restored: the second of the restore, so that two boxes restored
 * from one backup differ. Without a clock it is after the backup at least, and always a later one.
 *
 * @param own of the box that is replaced, if it has the same key
 */
export function nextGeneration(
  { createdMs, generation }: { readonly createdMs: number; readonly generation: number },
  own: number,
  nowMs: number,
): number {
  const afterBackup = Math.floor(createdMs / SECOND_MS) + 1;
  return Math.max(Math.floor(nowMs / SECOND_MS), afterBackup, generation + 1, own + 1);
}
