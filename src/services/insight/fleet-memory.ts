import type { ContactRecord } from "../../domain/contact.ts";
import { type Absentee, withAbsent } from "../../domain/insight/calendar.ts";
import { isSameDevice, noteChange, type Sighting } from "../../domain/insight/clones.ts";
import type { SeenDevice } from "../../domain/ledger.ts";
import type { Policy } from "../../domain/policy.ts";
import { HOUR_MS } from "../../domain/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CmidStore, Json } from "../../ports/store.ts";
import { checker } from "../../protocol/schemas.ts";
import { type Static, Type } from "../../protocol/typebox.ts";

/** What the box remembers of machines beside their records. */
export const FLEET_DOCUMENT = "fleet";
/** A clone asks every two hours at most; what changed is kept on flash once in an hour. */
const KEEP_EVERY_MS = HOUR_MS;

const DocumentSchema = Type.Object({
  sightings: Type.Array(
    Type.Object({
      cmid: Type.String(),
      machines: Type.Array(
        Type.Object({
          hostname: Type.String(),
          fingerprint: Type.String(),
          firstMs: Type.Integer(),
          lastMs: Type.Integer(),
          returns: Type.Integer(),
        }),
      ),
    }),
  ),
  absentees: Type.Array(
    Type.Object({
      cmid: Type.String(),
      hostname: Type.String(),
      product: Type.String(),
      lastContactMs: Type.Integer(),
      leaseExpiresMs: Type.Integer(),
    }),
  ),
  told: Type.Optional(
    Type.Object({
      falling: Type.Array(Type.String(), { description: "Products" }),
      clones: Type.Array(Type.String(), { description: "CMIDs" }),
    }),
  ),
});
export type Told = NonNullable<Static<typeof DocumentSchema>["told"]>;
const checked = checker(DocumentSchema, FLEET_DOCUMENT);

export interface FleetMemoryParts {
  readonly store: CmidStore;
  readonly policy: Policy;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/**
 * Remembers what no record tells: which CMIDs came with another device than before, and which
 * machines were discarded while activated; and what of that the log was told. A network in which nothing
 * of it happens costs no write; a power cut costs what came in the last hour.
 */
export class FleetMemory {
  readonly #parts: FleetMemoryParts;
  #sightings: readonly Sighting[];
  #absentees: readonly Absentee[];
  #told: Told;
  #changed = false;
  #keptMs = Number.NEGATIVE_INFINITY;

  constructor(parts: FleetMemoryParts) {
    this.#parts = parts;
    const { sightings, absentees, told } = read(parts.store.documents.get(FLEET_DOCUMENT));
    this.#sightings = sightings;
    this.#absentees = absentees;
    this.#told = told ?? { falling: [], clones: [] };
  }

  get sightings(): readonly Sighting[] {
    return this.#sightings;
  }

  get absentees(): readonly Absentee[] {
    return this.#absentees;
  }

  /** What the log was told of last, so that it is not told again. */
  get told(): Told {
    return this.#told;
  }

  set told(told: Told) {
    this.#changed ||= JSON.stringify(told) !== JSON.stringify(this.#told);
    this.#told = told;
  }

  /** A contact was stored. @param before who asked last under its CMID; undefined if nobody did */
  contacted(before: SeenDevice | undefined, now: ContactRecord): void {
    if (!before || isSameDevice(before, now)) return;
    const change = { cmid: now.cmid, before, now };
    this.#sightings = noteChange(this.#sightings, change, this.#parts.policy);
    this.#changed = true;
  }

  /** Records were discarded, also from flash. */
  discarded(records: readonly ContactRecord[], nowMs: number): void {
    const isConcerned = records.some(({ leaseExpiresMs }) => leaseExpiresMs > nowMs);
    if (!isConcerned && this.#absentees.length === 0) return;
    this.#absentees = withAbsent(this.#absentees, records, nowMs);
    this.#changed = true;
  }

  /** Forgets a CMID that the administrator had removed. */
  forget(cmid: string): void {
    this.#sightings = this.#sightings.filter((each) => each.cmid !== cmid);
    this.#absentees = this.#absentees.filter((each) => each.cmid !== cmid);
    this.#changed = true;
  }

  /**
   * Puts what changed on flash, at most once in an hour.
   *
   * @param isLast whether the service ends, so that there is no later time
   */
  async keep(isLast = false): Promise<void> {
    const { store, clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (!this.#changed || (!isLast && nowMs - this.#keptMs < KEEP_EVERY_MS)) return;
    this.#keptMs = nowMs;
    this.#changed = false;
    const [sightings, absentees, told] = [this.#sightings, this.#absentees, this.#told];
    const value = { sightings, absentees, told } as unknown as Json;
    try {
      await store.commit([{ op: "document", name: FLEET_DOCUMENT, value }]);
    } catch {
      // The store tells of its failure itself; the next round tries again.
      this.#changed = true;
    }
  }
}

/** A document of a form that is not known is begun anew: nothing that decides depends on it. */
function read(document: unknown): Static<typeof DocumentSchema> {
  try {
    return checked(document);
  } catch {
    return { sightings: [], absentees: [] };
  }
}
