import assert from "node:assert/strict";
import fc from "fast-check";
import { dueForDiscard } from "../../../src/domain/activation.ts";
import type { LicensedProduct } from "../../../src/domain/claims.ts";
import type { ContactRecord } from "../../../src/domain/contact.ts";
import {
  FORECAST_DAYS,
  type ForecastQuestion,
  forecast,
} from "../../../src/domain/insight/forecast.ts";
import { isOverdue } from "../../../src/domain/insight/overdue.ts";
import { ActivationLedger } from "../../../src/domain/ledger.ts";
import { DEFAULT_POLICY } from "../../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { contact } from "../../support/contacts.ts";
import { finished } from "../../support/finished.ts";

const NOW_MS = 1_800_000_000_000;
const POLICY = DEFAULT_POLICY;
const MANY = 100_000;

/** Writer and tables are counted together. */
const PRODUCTS: readonly LicensedProduct[] = [
  { id: "writer", name: "Writer", application: "office", threshold: 4 },
  { id: "tables", name: "Tables", application: "office", threshold: 2 },
  { id: "server", name: "Server", application: "servers", threshold: 1 },
];

/** Ages that are whole hours fall on the borders of what the forecast counts by. */
const age = fc.oneof(
  fc.nat({ max: 32 * DAY_MS }),
  fc.nat({ max: 32 * 24 }).map((hours) => hours * HOUR_MS),
);
const records = fc.array(
  fc.tuple(fc.nat({ max: 11 }), fc.constantFrom(...PRODUCTS), age).map(([n, product, ageMs]) =>
    contact(n, {
      product: product.id,
      application: product.application,
      lastContactMs: NOW_MS - ageMs,
    }),
  ),
  { maxLength: 30 },
);
const question: fc.Arbitrary<ForecastQuestion> = fc
  .tuple(fc.boolean(), fc.array(fc.nat({ max: 13 }), { maxLength: 3 }))
  .map(([nobodyReturns, retired]) => ({
    nowMs: NOW_MS,
    policy: POLICY,
    products: PRODUCTS,
    nobodyReturns,
    retired: new Set(retired.map((n) => contact(n).cmid)),
  }));

/** The box itself, from now on: who is going is not heard of again, all others are, at every step. */
class Simulation {
  readonly ledger = new ActivationLedger();
  readonly #staying: readonly ContactRecord[];

  constructor(all: readonly ContactRecord[], { nobodyReturns, retired }: ForecastQuestion) {
    this.ledger.load(all);
    const latestMs = new Map<string, number>();
    for (const { cmid, application, lastContactMs } of this.#held(all)) {
      const key = `${cmid} ${application}`;
      latestMs.set(key, Math.max(lastContactMs, latestMs.get(key) ?? 0));
    }
    this.#staying = this.#held(all).filter(
      ({ cmid, application }) =>
        !nobodyReturns &&
        !retired?.has(cmid) &&
        !isOverdue(latestMs.get(`${cmid} ${application}`) ?? 0, POLICY, NOW_MS),
    );
    this.discardAt(NOW_MS);
  }

  #held(all: readonly ContactRecord[]): ContactRecord[] {
    return all.flatMap(({ cmid, product }) => this.ledger.get(cmid, product) ?? []);
  }

  discardAt(timeMs: number): void {
    for (const record of this.#staying) this.ledger.put({ ...record, lastContactMs: timeMs });
    for (const { cmid, product } of dueForDiscard(this.ledger, POLICY, timeMs, MANY)) {
      this.ledger.discard(cmid, product);
    }
  }
}

describe("the forecast held against a simulation", () => {
  it("tells the count of every day", () => {
    fc.assert(
      fc.property(records, question, (all, asked) => {
        const ledger = new ActivationLedger();
        ledger.load(all);
        const { products } = finished(forecast(ledger, asked));
        const simulation = new Simulation(all, asked);
        for (let day = 0; day <= FORECAST_DAYS; day++) {
          simulation.discardAt(NOW_MS + day * DAY_MS);
          for (const { application, days, product } of products) {
            assert.equal(days[day], simulation.ledger.count(application), `${product} day ${day}`);
          }
        }
        for (const { application, lowest } of products) {
          assert.equal(lowest, simulation.ledger.count(application));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("tells the second of every fall, and who leaves until then", () => {
    fc.assert(
      fc.property(records, question, (all, asked) => {
        const ledger = new ActivationLedger();
        ledger.load(all);
        const { products } = finished(forecast(ledger, asked));
        const simulation = new Simulation(all, asked);
        const before = new Map(
          products.map(({ application }) => [application, simulation.ledger.count(application)]),
        );
        const moments = new Set(products.flatMap(({ fall }) => fall?.atMs ?? []));
        for (const timeMs of [...moments].toSorted((a, b) => a - b)) {
          // The second before, nothing has fallen; the second itself, it has.
          simulation.discardAt(timeMs - SECOND_MS);
          for (const { fall, application, threshold } of products) {
            if (fall?.atMs !== timeMs) continue;
            assert.ok(simulation.ledger.count(application) >= threshold);
          }
          simulation.discardAt(timeMs);
          for (const { fall, application, threshold } of products) {
            if (fall?.atMs !== timeMs) continue;
            const count = simulation.ledger.count(application);
            assert.ok(count < threshold);
            assert.equal(fall.leaving, (before.get(application) ?? 0) - count);
            assert.equal(fall.machines.length, fall.leaving);
            for (const { cmid } of fall.machines) {
              const left = simulation.ledger.ofClient(cmid);
              assert.ok(left.every((record) => record.application !== application));
            }
          }
        }
        for (const { fall, countNow, lowest, threshold } of products) {
          assert.equal(fall !== null, countNow >= threshold && lowest < threshold);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("counts every overdue machine once, whatever it asks for", () => {
    fc.assert(
      fc.property(records, (all) => {
        const ledger = new ActivationLedger();
        ledger.load(all);
        const asked = { nowMs: NOW_MS, policy: POLICY, products: PRODUCTS };
        const cmids = [...new Set(all.map(({ cmid }) => cmid))];
        const overdue = cmids.filter((cmid) => {
          const lastMs = Math.max(...ledger.ofClient(cmid).map((record) => record.lastContactMs));
          const isKept = lastMs + POLICY.cmidRetentionMs > NOW_MS;
          return isKept && isOverdue(lastMs, POLICY, NOW_MS);
        });
        assert.equal(finished(forecast(ledger, asked)).overdue, overdue.length);
      }),
    );
  });
});
