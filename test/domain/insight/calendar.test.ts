import assert from "node:assert/strict";
import fc from "fast-check";
import { dueForDiscard } from "../../../src/domain/activation.ts";
import {
  type Absentee,
  calendar,
  stillAbsent,
  withAbsent,
} from "../../../src/domain/insight/calendar.ts";
import { ActivationLedger } from "../../../src/domain/ledger.ts";
import { DEFAULT_POLICY as POLICY } from "../../../src/domain/policy.ts";
import { DAY_MS } from "../../../src/domain/units.ts";
import { contact } from "../../support/contacts.ts";
import { finished } from "../../support/finished.ts";

const START_DAY = 20_000;
const SILENT_DAYS = 10.5;

/** On which days which machine asks, and whether it is activated then. */
const visits = fc.array(
  fc.record({
    n: fc.nat({ max: 5 }),
    day: fc.nat({ max: 250 }),
    activated: fc.boolean(),
    product: fc.constantFrom("writer", "tables"),
  }),
  { maxLength: 25 },
);

describe("the calendar of lapses", () => {
  it("tells what a diary of every contact tells, at the end of every day", () => {
    fc.assert(
      fc.property(visits, (all) => {
        const ledger = new ActivationLedger();
        let absentees: Absentee[] = [];
        const diary = new Map<string, { contactDay: number; endDay: number }>();
        for (let day = 0; day <= 260; day++) {
          const nowMs = (START_DAY + day) * DAY_MS;
          for (const visit of all.filter((each) => each.day === day)) {
            const before = diary.get(`${visit.n} ${visit.product}`);
            const endDay = visit.activated ? day + 180 : (before?.endDay ?? -1);
            diary.set(`${visit.n} ${visit.product}`, { contactDay: day, endDay });
            const { n, product } = visit;
            // As the box does: what was discarded has left nothing in the ledger.
            const known = ledger.get(contact(n).cmid, product)?.leaseExpiresMs ?? 0;
            const leaseExpiresMs = visit.activated ? (START_DAY + endDay) * DAY_MS : known;
            ledger.put(contact(n, { product, lastContactMs: nowMs, leaseExpiresMs }));
          }
          for (const { cmid, product } of dueForDiscard(ledger, POLICY, nowMs, 100)) {
            const gone = ledger.discard(cmid, product);
            if (gone) absentees = withAbsent(absentees, [gone], nowMs);
          }
          const { lapses, total } = finished(calendar(ledger, absentees, POLICY, nowMs));
          const told = lapses.map(({ hostname, product, counts, leaseExpiresMs }) =>
            [hostname, product, counts, leaseExpiresMs / DAY_MS - START_DAY].join(" "),
          );
          const expected = [...diary].flatMap(([key, { contactDay, endDay }]) => {
            if (endDay <= day || day - contactDay <= SILENT_DAYS) return [];
            const [n, product] = key.split(" ");
            return [`pc-${n} ${product} ${day - contactDay < 30} ${endDay}`];
          });
          assert.deepEqual(told.toSorted(), expected.toSorted());
          assert.equal(total, expected.length);
          const ends = lapses.map(({ leaseExpiresMs }) => leaseExpiresMs);
          assert.deepEqual(
            ends,
            ends.toSorted((a, b) => a - b),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("remembers the 500 discarded machines that stay activated longest", () => {
    const ledger = new ActivationLedger();
    const gone = Array.from({ length: 700 }, (_, n) => contact(n, { leaseExpiresMs: 1000 + n }));
    const absentees = withAbsent([], gone, 0);
    assert.equal(absentees.length, 500);
    assert.equal(absentees[0]?.leaseExpiresMs, 1200);
    assert.equal(stillAbsent(absentees, ledger, 1698).length, 1);
  });
});
