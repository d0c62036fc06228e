import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS } from "../../../src/domain/units.ts";
import { historyWords } from "../../../src/web/status/history-words.ts";

describe("a chart in words", () => {
  /** Buckets, with a count above the threshold where they are activated. */
  const part = (bucketMs: number, states: readonly boolean[]) => ({
    bucketMs,
    buckets: states.map((activating, index) => {
      const count = activating ? 25 : 24;
      return { startMs: index * bucketMs, least: count, most: count, last: count, activating };
    }),
  });

  it("tells for how long it was activated, and for how long not, whatever the buckets' length", () => {
    const parts = [
      part(HOUR_MS, [true, true, true, ...Array<boolean>(20).fill(false)]),
      part(15 * MINUTE_MS, [false, false, false, false]),
    ];
    assert.equal(
      historyWords(parts, "24h"),
      "between 24 and 25 in the last 24 hours, activated for 3 hours, not for 21 hours",
    );
  });

  it("tells what was always so", () => {
    const always = historyWords([part(HOUR_MS, [true, true])], "30d");
    assert.equal(always, "always 25 in the last 30 days, activated all the time");
    const never = historyWords([part(HOUR_MS, [false])], "1y");
    assert.equal(never, "always 24 in the last year, not activated at any time");
    assert.equal(historyWords([], "24h"), "nothing is known yet of the last 24 hours");
  });
});
