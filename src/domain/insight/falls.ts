import type { ActivationLedger } from "../ledger.ts";
import { HOUR_MS, SECOND_MS } from "../units.ts";
import { Departures } from "./departures.ts";
import { Earliest } from "./earliest.ts";
import type { ForecastQuestion } from "./forecast.ts";
import { isOverdue } from "./overdue.ts";

/** Machines that are named of those whose absence makes a count fall; all of them are counted. */
const MOST_NAMED = 100;
const SECONDS_AN_HOUR = HOUR_MS / SECOND_MS;

/** A machine that leaves. */
export interface Leaver {
  readonly cmid: string;
  readonly hostname: string;
  readonly lastContactMs: number;
  /** When it is discarded. */
  readonly leavesMs: number;
}

/** A count falls below a threshold. */
export interface Fall {
  readonly atMs: number;
  /** How many leave until then. */
  readonly leaving: number;
  /** The first of them to leave, at most 100. */
  readonly machines: readonly Leaver[];
}

/** The falls by application and threshold. */
export type Falls = ReadonlyMap<string, Fall>;

export function fallKey(application: string, threshold: number): string {
  return `${threshold} ${application}`;
}

/** The first hour by whose end the count is below the threshold; undefined if it never is, or was. */
function fallHour(count: number, leaving: Uint32Array, threshold: number): number | undefined {
  if (count < threshold) return undefined;
  let left = count;
  for (const [hour, gone] of leaving.entries()) {
    left -= gone;
    if (left < threshold) return hour;
  }
  return undefined;
}

/** Looks into the hour of every fall: for its second, and for those who leave until then. */
export function* findFalls(
  ledger: ActivationLedger,
  question: ForecastQuestion,
  departures: ReadonlyMap<string, Departures>,
  step: number,
): Generator<void, Falls> {
  const searches = searchesOf(question, departures);
  if (searches.size > 0) {
    const { nowMs, policy, retired, nobodyReturns } = question;
    for (let place = 0; place < ledger.places; place++) {
      if (place % step === step - 1) yield;
      const presence = ledger.presence(place);
      const wanted = presence && searches.get(presence.application);
      if (!wanted) continue;
      const leavesMs = presence.lastContactMs + policy.cmidRetentionMs;
      if (!wanted.some((search) => search.concerns(leavesMs))) continue;
      const isGoing = nobodyReturns || isOverdue(presence.lastContactMs, policy, nowMs);
      if (!isGoing && !isRetired(ledger, place, retired)) continue;
      for (const search of wanted) search.add(leavesMs, place);
    }
  }
  const found = [...searches.values()].flat();
  return new Map(found.map((search) => [search.key, search.fall(ledger)]));
}

function searchesOf(
  { nowMs, products, nobodyReturns = false }: ForecastQuestion,
  departures: ReadonlyMap<string, Departures>,
): Map<string, FallSearch[]> {
  const searches = new Map<string, FallSearch[]>();
  for (const { application, threshold } of products) {
    const own = departures.get(application);
    if (!own) continue;
    const hour = fallHour(own.count, own.leaving(nobodyReturns), threshold);
    if (hour === undefined) continue;
    const key = fallKey(application, threshold);
    const others = searches.get(application) ?? [];
    if (others.some((search) => search.key === key)) continue;
    const spare = own.count - threshold;
    searches.set(application, [...others, new FallSearch({ key, hour, nowMs, spare })]);
  }
  return searches;
}

function isRetired(
  ledger: ActivationLedger,
  place: number,
  retired: ReadonlySet<string> | undefined,
): boolean {
  if (!retired || retired.size === 0) return false;
  const record = ledger.at(place);
  return record !== undefined && retired.has(record.cmid);
}

interface FallPlace {
  readonly key: string;
  /** The hour in which it is below the threshold at last. */
  readonly hour: number;
  readonly nowMs: number;
  /** How many may leave without a fall. */
  readonly spare: number;
}

class FallSearch {
  readonly #place: FallPlace;
  readonly #seconds = new Uint32Array(SECONDS_AN_HOUR);
  readonly #machines = new Earliest<{ place: number; leavesMs: number }>(MOST_NAMED);
  #before = 0;

  constructor(place: FallPlace) {
    this.#place = place;
  }

  get key(): string {
    return this.#place.key;
  }

  /** Whether one that leaves then, leaves before the hour of the fall is over. */
  concerns(leavesMs: number): boolean {
    const { nowMs, hour } = this.#place;
    return leavesMs > nowMs && Departures.hourOf(leavesMs, nowMs) <= hour;
  }

  add(leavesMs: number, place: number): void {
    if (!this.concerns(leavesMs)) return;
    this.#machines.add(leavesMs, () => ({ place, leavesMs }));
    const second = Math.ceil((leavesMs - this.#hourBeginsMs) / SECOND_MS) - 1;
    if (second < 0) this.#before++;
    else this.#seconds[second] = (this.#seconds[second] ?? 0) + 1;
  }

  fall(ledger: ActivationLedger): Fall {
    const { second, leaving } = this.#fallSecond();
    const atMs = this.#hourBeginsMs + (second + 1) * SECOND_MS;
    const machines = this.#machines.values.flatMap(({ place, leavesMs }) => {
      const record = leavesMs <= atMs ? ledger.at(place) : undefined;
      if (!record) return [];
      const { cmid, hostname, lastContactMs } = record;
      return [{ cmid, hostname, lastContactMs, leavesMs }];
    });
    return { atMs, leaving, machines };
  }

  get #hourBeginsMs(): number {
    return this.#place.nowMs + (this.#place.hour - 1) * HOUR_MS;
  }

  /** The end of the hour if too many came back while it was searched. */
  #fallSecond(): { second: number; leaving: number } {
    let leaving = this.#before;
    for (const [second, gone] of this.#seconds.entries()) {
      leaving += gone;
      if (leaving > this.#place.spare) return { second, leaving };
    }
    return { second: SECONDS_AN_HOUR - 1, leaving };
  }
}
