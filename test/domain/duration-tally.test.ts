import assert from "node:assert/strict";
import { DurationTally } from "../../src/domain/duration-tally.ts";

describe("a tally of durations", () => {
  it("counts each below every bound that it does not exceed", () => {
    const tally = new DurationTally([0.01, 0.1, 1]);
    for (const ms of [5, 10, 11, 100, 999, 1001, 60_000]) tally.add(ms);
    const { bounds, atMost, count, sumSeconds } = tally.counts;
    assert.deepEqual(bounds, [0.01, 0.1, 1]);
    assert.deepEqual(atMost, [2, 4, 5]);
    assert.equal(count, 7);
    assert.equal(sumSeconds, 62.126);
  });

  it("has nothing at first", () => {
    assert.deepEqual(new DurationTally([1]).counts, {
      bounds: [1],
      atMost: [0],
      count: 0,
      sumSeconds: 0,
    });
  });
});
