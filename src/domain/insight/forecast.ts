import type { LicensedProduct } from "../claims.ts";
import type { ActivationLedger } from "../ledger.ts";
import type { Policy } from "../policy.ts";
import { DAY_MS, HOUR_MS } from "../units.ts";
import { Departures } from "./departures.ts";
import { type Fall, type Falls, fallKey, findFalls } from "./falls.ts";
import { isOverdue } from "./overdue.ts";

/** How many days ahead the count is told for each. */
export const FORECAST_DAYS = 30;
const HOURS_A_DAY = DAY_MS / HOUR_MS;
/** Places that are looked at between two pauses. */
const STEP = 1024;

export interface ForecastQuestion {
  readonly nowMs: number;
  readonly policy: Policy;
  readonly products: readonly LicensedProduct[];
  /** CMIDs that will not come again, whatever their rhythm. */
  readonly retired?: ReadonlySet<string>;
  /** Asks for the worst: nobody at all comes again. */
  readonly nobodyReturns?: boolean;
}

/** What becomes of one product's count. */
export interface ProductForecast extends Omit<LicensedProduct, "id"> {
  readonly product: string;
  readonly countNow: number;
  /** Of those that count now, how many are expected to leave: overdue or retired. */
  readonly leaving: number;
  /** The count in 0, 1, … `FORECAST_DAYS` days. */
  readonly days: readonly number[];
  /** The smallest count within those days and the retention: it never rises, as nobody new comes. */
  readonly lowest: number;
  /** When it falls below the threshold, to the second above; null if it does not, or is below now. */
  readonly fall: Fall | null;
}

export interface Forecast {
  readonly products: readonly ProductForecast[];
  /** CMIDs that are overdue, over all applications. */
  readonly overdue: number;
}

/**
 * What the counts will be if nobody new comes.
 *
 * A machine that keeps its rhythm will go on to: it stays. One that is overdue has probably gone: it
 * leaves at its discard date, a retention after its last contact. Were every machine taken to be gone,
 * the forecast would be empty on every day of a healthy network; `nobodyReturns` asks for that.
 *
 * Yields every now and then, so that a walk over a million CMIDs can pause: each of them that changes
 * meanwhile is seen as it was before or after.
 */
export function* forecast(
  ledger: ActivationLedger,
  question: ForecastQuestion,
): Generator<void, Forecast> {
  const { nowMs, policy, products, retired = new Set() } = question;
  const reachMs = Math.max(FORECAST_DAYS * DAY_MS, policy.cmidRetentionMs);
  const hours = Math.ceil(reachMs / HOUR_MS);
  const departures = new Map(
    products.map(({ application }) => [application, new Departures(nowMs, hours)]),
  );
  let overdue = 0;
  for (let place = 0; place < ledger.places; place++) {
    if (place % STEP === STEP - 1) yield;
    const presence = ledger.presence(place);
    if (!presence) continue;
    const isGoing = isOverdue(presence.lastContactMs, policy, nowMs);
    const discardMs = presence.lastContactMs + policy.cmidRetentionMs;
    if (isGoing && presence.isNewest && discardMs > nowMs) overdue++;
    departures.get(presence.application)?.add(discardMs, isGoing);
  }
  for (const { application, lastContactMs } of staying(ledger, retired, question)) {
    departures.get(application)?.retire(lastContactMs + policy.cmidRetentionMs);
  }
  const falls = yield* findFalls(ledger, question, departures, STEP);
  return {
    overdue,
    products: products.map((product) => told(product, question, departures, falls)),
  };
}

/** The latest contact under each application of those that leave only because they are retired. */
function* staying(
  ledger: ActivationLedger,
  retired: ReadonlySet<string>,
  { policy, nowMs }: ForecastQuestion,
): Generator<{ application: string; lastContactMs: number }> {
  for (const cmid of retired) {
    const latest = new Map<string, number>();
    for (const { application, lastContactMs } of ledger.ofClient(cmid)) {
      latest.set(application, Math.max(lastContactMs, latest.get(application) ?? 0));
    }
    for (const [application, lastContactMs] of latest) {
      if (!isOverdue(lastContactMs, policy, nowMs)) yield { application, lastContactMs };
    }
  }
}

function told(
  { id, name, application, threshold }: LicensedProduct,
  { nobodyReturns = false }: ForecastQuestion,
  departures: ReadonlyMap<string, Departures>,
  falls: Falls,
): ProductForecast {
  const own = departures.get(application);
  const countNow = own?.count ?? 0;
  const left = countsLeft(countNow, own?.leaving(nobodyReturns) ?? new Uint32Array(1));
  return {
    product: id,
    name,
    application,
    threshold,
    countNow,
    leaving: own?.going ?? 0,
    days: Array.from(
      { length: FORECAST_DAYS + 1 },
      (_, day) => left[day * HOURS_A_DAY] ?? countNow,
    ),
    lowest: left.at(-1) ?? countNow,
    fall: falls.get(fallKey(application, threshold)) ?? null,
  };
}

/** The count at each whole hour. */
function countsLeft(countNow: number, leaving: Uint32Array): number[] {
  let left = countNow;
  return Array.from(leaving, (gone) => {
    left -= gone;
    return left;
  });
}
