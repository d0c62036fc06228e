import assert from "node:assert/strict";
import fc from "fast-check";
import { QuotaLimit, RateLimit } from "../../src/domain/rate-limit.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";

describe("a rate limit", () => {
  it("lets a burst through, and says how long to wait after it", () => {
    const limit = new RateLimit(60, 3);
    assert.deepEqual(
      [0, 0, 0, 0].map(() => limit.take("a", 0)),
      [0, 0, 0, 1000],
    );
  });

  it("lets the next one through exactly after the time it said", () => {
    const limit = new RateLimit(60, 1);
    assert.equal(limit.take("a", 0), 0);
    assert.equal(limit.take("a", 400), 600);
    assert.equal(limit.take("a", 999), 1);
    assert.equal(limit.take("a", 1000), 0);
  });

  it("does not punish asking while it refuses", () => {
    const limit = new RateLimit(60, 1);
    limit.take("a", 0);
    for (let at = 1; at < 1000; at += 100) assert.ok(limit.take("a", at) > 0);
    assert.equal(limit.take("a", 1000), 0);
  });

  it("gives the whole burst again after a pause", () => {
    const limit = new RateLimit(60, 2);
    for (const at of [0, 0]) limit.take("a", at);
    assert.deepEqual(
      [HOUR_MS, HOUR_MS, HOUR_MS].map((at) => limit.take("a", at)),
      [0, 0, 1000],
    );
  });

  it("knows its keys apart", () => {
    const limit = new RateLimit(1, 1);
    assert.equal(limit.take("a", 0), 0);
    assert.equal(limit.take("b", 0), 0);
    assert.equal(limit.take("a", 0), MINUTE_MS);
  });

  it("never lets more through in any time than the burst and the rate allow", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 });
    const rates = fc.integer({ min: 1, max: 240 });
    const bursts = fc.integer({ min: 1, max: 10 });
    fc.assert(
      fc.property(gaps, rates, bursts, (pauses, perMinute, burst) => {
        const limit = new RateLimit(perMinute, burst);
        const allowed: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          if (limit.take("a", now) === 0) allowed.push(now);
        }
        allowed.forEach((from, first) => {
          allowed.slice(first).forEach((to, more) => {
            const most = burst + ((to - from) * perMinute) / MINUTE_MS;
            assert.ok(more + 1 <= most + 1e-6);
          });
        });
      }),
    );
  });

  it("remembers no more keys than its capacity, and forgets the one longest unheard of", () => {
    const limit = new RateLimit(1, 1, 2);
    for (const key of ["a", "b", "c"]) limit.take(key, 0);
    assert.equal(limit.size, 2);
    assert.ok(limit.take("b", 0) > 0);
    assert.equal(limit.take("a", 0), 0);
  });

  it("stays within its default capacity under any number of sources", () => {
    const limit = new RateLimit(60, 1);
    for (let n = 0; n < 40_000; n++) limit.take(`source ${n}`, n);
    assert.equal(limit.size, 16_384);
  });
});

describe("a quota", () => {
  it("lets so many through in a window that begins with the first", () => {
    const quota = new QuotaLimit(2, HOUR_MS);
    assert.equal(quota.take("a", 1000), 0);
    assert.equal(quota.take("a", 2000), 0);
    assert.equal(quota.take("a", 3000), HOUR_MS - 2000);
    assert.equal(quota.take("a", 1000 + HOUR_MS - 1), 1);
    assert.equal(quota.take("a", 1000 + HOUR_MS), 0);
  });

  it("takes one back", () => {
    const quota = new QuotaLimit(1, HOUR_MS);
    quota.take("a", 0);
    quota.giveBack("a");
    assert.equal(quota.take("a", 0), 0);
    assert.ok(quota.take("a", 0) > 0);
  });

  it("takes back no more than was taken, and nothing of a key it does not know", () => {
    const quota = new QuotaLimit(1, HOUR_MS);
    quota.take("a", 0);
    for (let n = 0; n < 3; n++) quota.giveBack("a");
    quota.giveBack("b");
    assert.equal(quota.take("a", 0), 0);
    assert.ok(quota.take("a", 0) > 0);
    assert.equal(quota.size, 1);
  });

  it("remembers no more keys than its capacity", () => {
    const quota = new QuotaLimit(1, HOUR_MS, 3);
    for (let n = 0; n < 10; n++) quota.take(`source ${n}`, n);
    assert.equal(quota.size, 3);
    assert.ok(quota.take("source 9", 10) > 0);
    assert.equal(quota.take("source 0", 10), 0);
  });
});
