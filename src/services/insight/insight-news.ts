import type { Clone } from "../../domain/insight/clones.ts";
import type { ProductForecast } from "../../domain/insight/forecast.ts";
import { DAY_MS } from "../../domain/units.ts";
import type { EventLog } from "../../ports/events.ts";
import type { FleetMemory } from "./fleet-memory.ts";

/** How long before a count falls below a threshold the administrator is told. */
export const WARN_AHEAD_MS = 7 * DAY_MS;
/** Machines that a message names. */
const MOST_NAMED = 5;

/** Tells the log once of each count that is about to fall, and of each clone, over restarts too. */
export class InsightNews {
  readonly #events: EventLog;
  readonly #memory: Pick<FleetMemory, "told">;

  constructor(events: EventLog, memory: Pick<FleetMemory, "told">) {
    this.#events = events;
    this.#memory = memory;
  }

  tell(
    { nowMs, products }: { readonly nowMs: number; readonly products: readonly ProductForecast[] },
    clones: readonly Clone[],
  ): void {
    const { told } = this.#memory;
    const falling = products.filter(({ fall }) => fall && fall.atMs - nowMs <= WARN_AHEAD_MS);
    for (const product of falling) {
      if (!told.falling.includes(product.product)) this.#tellFall(product);
    }
    const active = clones.filter((clone) => clone.active);
    for (const clone of active) if (!told.clones.includes(clone.cmid)) this.#tellClone(clone);
    this.#memory.told = {
      falling: falling.map(({ product }) => product).toSorted(),
      clones: active.map(({ cmid }) => cmid).toSorted(),
    };
  }

  #tellFall({ product, name, application, threshold, countNow, fall }: ProductForecast): void {
    if (!fall) return;
    const at = new Date(fall.atMs).toISOString();
    const named = fall.machines.slice(0, MOST_NAMED).map(({ hostname }) => hostname);
    const more = fall.leaving > named.length ? ` and ${fall.leaving - named.length} more` : "";
    this.#events.record(
      "forecast-low",
      `${name} falls below its threshold of ${threshold} on ${at} unless ` +
        `${named.join(", ")}${more} ask again or new machines come.`,
      { product, application, count: countNow, threshold, fallsBelow: at, leaving: fall.leaving },
    );
  }

  #tellClone({ cmid, machines, evidence }: Clone): void {
    const names = machines.map(({ hostname }) => hostname).join(", ");
    this.#events.record(
      "clone-seen",
      `${machines.length} machines share one CMID and count once: ${names}. Run "kms-client rearm" ` +
        "on all but one of them.",
      { cmid, machines: machines.length, hostnames: names, evidence },
    );
  }
}
