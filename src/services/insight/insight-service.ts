import type { LicensedProduct } from "../../domain/claims.ts";
import type { LoggedEvent } from "../../domain/events.ts";
import { type Calendar, calendar } from "../../domain/insight/calendar.ts";
import { type Clone, clonesAmong } from "../../domain/insight/clones.ts";
import { type FoundMachine, findMachines } from "../../domain/insight/find-machines.ts";
import { type Forecast, forecast, type ProductForecast } from "../../domain/insight/forecast.ts";
import type { Outlook } from "../../domain/outlook.ts";
import type { Policy } from "../../domain/policy.ts";
import { MINUTE_MS } from "../../domain/units.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import type { CmidStore } from "../../ports/store.ts";
import type { HostClock } from "../host-clock.ts";
import type { LicenceService } from "../licences.ts";
import { type Explained, explainMachine } from "./explaining.ts";
import type { FleetMemory } from "./fleet-memory.ts";
import { inSlices } from "./in-slices.ts";
import { InsightNews } from "./insight-news.ts";

/** How often the box looks ahead by itself. */
const ROUND_MS = 10 * MINUTE_MS;
/** The first time waits until those who came while the box was off are answered. */
const FIRST_MS = 3000;

export interface InsightParts {
  readonly store: CmidStore;
  readonly policy: Policy;
  readonly clock: HostClock;
  readonly licences: LicenceService;
  readonly memory: FleetMemory;
  readonly timers: Timers;
  /** For how long a slice of work takes. */
  readonly stopwatch: Pick<Clock, "monotonicMs">;
  readonly events: EventLog;
  /** What was noticed lately, oldest first. */
  readonly recentEvents: () => readonly LoggedEvent[];
}

/** What a box foresees for one product. No machine is named. */
export type ProductOutlook = Pick<
  ProductForecast,
  "product" | "name" | "application" | "threshold" | "countNow" | "lowest"
> & {
  /** When the count falls below the threshold; null if that is not foreseen, or it is below now. */
  readonly fallsBelowMs: number | null;
};

/** What the box foresaw when it last looked. No machine is named. */
export interface InsightSummary {
  readonly atMs: number;
  readonly products: readonly ProductOutlook[];
  /** CMIDs that several machines go on using. */
  readonly clones: number;
  /** Machines that were not heard of for too long, and still count. */
  readonly overdue: number;
}

/** What may be asked of a forecast. */
export interface ForecastOptions {
  readonly nobodyReturns: boolean;
  /** Names or CMIDs of machines that are to be retired. */
  readonly without: readonly string[];
}

export interface ForecastAnswer extends Forecast {
  readonly nowMs: number;
  readonly clockTrusted: boolean;
  /** Whom each name of `without` means; none if it is not known. */
  readonly without: ReadonlyMap<string, readonly FoundMachine[]>;
}

/** Answers what an administrator wants to know beyond the counts, and looks ahead by itself. */
export class InsightService {
  readonly #parts: InsightParts;
  readonly #news: InsightNews;
  #latest: InsightSummary | undefined;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(parts: InsightParts) {
    this.#parts = parts;
    this.#news = new InsightNews(parts.events, parts.memory);
  }

  /** Computed shortly after the start and every 10 minutes from then on; undefined before that. */
  get latest(): InsightSummary | undefined {
    return this.#latest;
  }

  /** When each threshold is lost, for the public page; undefined before it is known. */
  get outlook(): Outlook[] | undefined {
    return this.#latest?.products.map(({ application, threshold, fallsBelowMs }) => ({
      ...{ application, threshold },
      lostMs: fallsBelowMs,
    }));
  }

  start(): void {
    this.#begin(FIRST_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#parts.memory.keep(true);
  }

  async forecast({ nobodyReturns, without }: ForecastOptions): Promise<ForecastAnswer> {
    const { store, policy, clock } = this.#parts;
    const { nowMs, trusted } = clock.read();
    const named = await inSlices(findMachines(store.ledger, without), this.#slices);
    const retired = new Set([...named.values()].flat().map(({ cmid }) => cmid));
    const question = { nowMs, policy, products: this.#products(nowMs), nobodyReturns, retired };
    const told = await inSlices(forecast(store.ledger, question), this.#slices);
    return { ...told, nowMs, clockTrusted: trusted, without: named };
  }

  /** @param product id or name of the only one that is meant */
  async explain(name: string, product: string | undefined): Promise<Explained[]> {
    const { store } = this.#parts;
    const found = await inSlices(findMachines(store.ledger, [name]), this.#slices);
    return explainMachine(name, found.get(name) ?? [], product, this.#parts);
  }

  clones(): Clone[] {
    const { store, policy, clock, memory } = this.#parts;
    const { nowMs } = clock.read();
    return clonesAmong(memory.sightings, policy, nowMs, (cmid) => store.ledger.device(cmid));
  }

  async calendar(): Promise<Calendar & { readonly nowMs: number }> {
    const { store, policy, clock, memory } = this.#parts;
    const { nowMs } = clock.read();
    const work = calendar(store.ledger, memory.absentees, policy, nowMs);
    return { ...(await inSlices(work, this.#slices)), nowMs };
  }

  #begin(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#parts.timers.after(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      const told = await this.forecast({ nobodyReturns: false, without: [] });
      const clones = this.clones();
      this.#latest = summaryOf(told, clones);
      if (told.clockTrusted) this.#news.tell(told, clones);
      await this.#parts.memory.keep();
    } finally {
      this.#begin(ROUND_MS);
    }
  }

  #products(nowMs: number): LicensedProduct[] {
    return this.#parts.licences.productsAt(nowMs);
  }

  get #slices() {
    return { clock: this.#parts.stopwatch, timers: this.#parts.timers };
  }
}

function summaryOf({ nowMs, products, overdue }: ForecastAnswer, clones: Clone[]): InsightSummary {
  return {
    atMs: nowMs,
    overdue,
    clones: clones.filter(({ active }) => active).length,
    products: products.map(({ product, name, application, threshold, countNow, lowest, fall }) => ({
      ...{ product, name, application, threshold, countNow, lowest },
      fallsBelowMs: fall?.atMs ?? null,
    })),
  };
}
