import type { ClientTable } from "./client-table.ts";
import type { RecordTable } from "./record-table.ts";
import { NONE } from "./rows.ts";

/** How long a CMID counts for an application; both are told by its latest record in it. */
export interface Presence {
  readonly application: string;
  readonly lastContactMs: number;
  /** Whether the CMID has no later record under any application. */
  readonly isNewest: boolean;
}

/**
 * The presence that a record stands for; undefined if another of its CMID under the application does,
 * which is the later one, or the one at the lower place of two that are equally late. So that a walk
 * over all places meets every CMID once for each application, and needs no memory of whom it has met.
 *
 * @param place holds a record
 */
export function presenceAt(
  clients: ClientTable,
  records: RecordTable,
  place: number,
): Presence | undefined {
  const application = records.application(place);
  const lastContactMs = records.lastContactMs(place);
  let isNewest = true;
  let other = clients.firstRecord(records.client(place));
  for (; other !== NONE; other = records.sibling(other)) {
    if (other === place) continue;
    const otherMs = records.lastContactMs(other);
    const isLater = otherMs > lastContactMs || (otherMs === lastContactMs && other < place);
    if (!isLater) continue;
    if (records.application(other) === application) return undefined;
    isNewest = false;
  }
  return { application, lastContactMs, isNewest };
}
