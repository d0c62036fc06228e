import assert from "node:assert/strict";
import { ActivationLedger } from "../../../src/domain/ledger.ts";
import { DAY_MS } from "../../../src/domain/units.ts";
import { LapseCensus } from "../../../src/services/panel/lapse-census.ts";
import { contact } from "../../support/contacts.ts";
import { FakeTimers, START_MS } from "../../support/fake-clock.ts";

function rig() {
  const ledger = new ActivationLedger();
  const timers = new FakeTimers();
  const census = new LapseCensus({ ledger, timers, nowMs: () => START_MS });
  const put = (n: number, leftDays: number, product = "writer") =>
    ledger.put(contact(n, { leaseExpiresMs: START_MS + leftDays * DAY_MS, product }));
  return { ledger, timers, census, put };
}

describe("the census of clients that lapse soon", () => {
  it("counts each CMID once whose activation ends within 7 days and has not ended", async () => {
    const { census, timers, put, ledger } = rig();
    put(1, 7);
    put(2, 7.01);
    put(3, 0.1);
    put(3, 0.1, "server");
    put(4, 0);
    put(5, 180);
    ledger.put(contact(6));
    census.start();
    assert.equal(census.lapsingSoon, 0);
    await timers.fire();
    assert.equal(census.lapsingSoon, 2);
  });

  it("is taken a slice at a time, and again after 10 minutes", async () => {
    const { census, timers, put } = rig();
    for (let n = 0; n < 1200; n++) put(n, 3);
    census.start();
    assert.deepEqual(timers.delays, [2000]);
    await timers.fire();
    assert.deepEqual(timers.delays, [1]);
    await timers.fire();
    assert.equal(census.lapsingSoon, 0);
    await timers.fire();
    assert.deepEqual([census.lapsingSoon, timers.delays], [1200, [600_000]]);
  });

  it("ends when it is stopped", () => {
    const { census, timers } = rig();
    census.start();
    census.stop();
    assert.deepEqual(timers.delays, []);
  });
});
