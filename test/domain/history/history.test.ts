import assert from "node:assert/strict";
import fc from "fast-check";
import { CountHistory, MOST_APPLICATIONS } from "../../../src/domain/history/history.ts";
import { bucketsOf, runsOf } from "../../../src/domain/history/runs.ts";
import { lengthOf, RANGES, TIERS } from "../../../src/domain/history/tiers.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/units.ts";
import { encodeHistory, parseHistory } from "../../../src/protocol/history-file.ts";
import { START_MS } from "../../support/fake-clock.ts";

const NAME = "office";
/** What is promised for one application in all. */
const BUDGET_BYTES = 64 * 1024;

interface At {
  readonly atMs: number;
  readonly count: number;
  readonly activating: boolean;
}

/** Samples in the order of time, some close together and some far apart. */
const samples: fc.Arbitrary<At[]> = fc
  .array(
    fc.record({
      passedMs: fc.oneof(
        fc.integer({ min: 1, max: 3 * MINUTE_MS }),
        fc.integer({ min: 1, max: 9 * HOUR_MS }),
        fc.integer({ min: 1, max: 60 * DAY_MS }),
      ),
      count: fc.nat({ max: 60 }),
    }),
    { minLength: 1, maxLength: 80 },
  )
  .map((steps) => {
    let atMs = START_MS;
    return steps.map(({ passedMs, count }) => {
      atMs += passedMs;
      return { atMs, count, activating: count >= 25 };
    });
  });

function historyOf(all: readonly At[]): CountHistory {
  const history = new CountHistory();
  for (const { atMs, ...sample } of all) history.add(NAME, sample, atMs);
  return history;
}

describe("the history of a count", () => {
  it("knows the least, the most and whether all was activated, however coarse it is", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const history = historyOf(all);
        const nowMs = all.at(-1)?.atMs ?? 0;
        for (const { range } of TIERS) {
          const parts = history.read(NAME, range, nowMs);
          for (const { bucketMs, buckets } of parts) {
            for (const { startMs, least, most, last, activating } of buckets) {
              const within = all.filter(({ atMs }) => atMs >= startMs && atMs < startMs + bucketMs);
              const counts = within.map(({ count }) => count);
              assert.deepEqual(
                { least, most, last, activating },
                {
                  least: Math.min(...counts),
                  most: Math.max(...counts),
                  last: counts.at(-1),
                  activating: within.every((each) => each.activating),
                },
              );
            }
          }
        }
      }),
    );
  });

  it("has no sample of its range in no bucket, and none in two", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const history = historyOf(all);
        const nowMs = all.at(-1)?.atMs ?? 0;
        for (const { range, keptMs } of TIERS) {
          const parts = history.read(NAME, range, nowMs);
          const holders = (atMs: number) =>
            parts.flatMap(({ bucketMs, buckets }) =>
              buckets.filter(({ startMs }) => atMs >= startMs && atMs < startMs + bucketMs),
            ).length;
          for (const { atMs } of all) {
            if (atMs > nowMs - keptMs) assert.equal(holders(atMs), 1, range);
          }
        }
      }),
    );
  });

  it("comes back from flash as it was, but for the minutes", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const history = historyOf(all);
        const again = new CountHistory();
        const packed = parseHistory(encodeHistory(history.pack()));
        again.unpack(packed ?? []);
        assert.deepEqual(again.pack(), history.pack());
      }),
    );
  });

  it("leaves a stretch without samples empty", () => {
    const history = historyOf([
      { atMs: START_MS, count: 30, activating: true },
      { atMs: START_MS + 5 * DAY_MS, count: 28, activating: true },
    ]);
    const [part] = history.read(NAME, "30d", START_MS + 5 * DAY_MS);
    assert.deepEqual(
      part?.buckets.map(({ last }) => last),
      [30, 28],
    );
  });

  it("keeps a dip of one minute visible for a year", () => {
    const history = new CountHistory();
    for (let minute = 0; minute < 24 * 60; minute++) {
      const count = minute === 700 ? 24 : 25;
      history.add(NAME, { count, activating: count >= 25 }, START_MS + minute * MINUTE_MS);
    }
    const [part] = history.read(NAME, "1y", START_MS + 300 * DAY_MS);
    const dips = part?.buckets.filter(({ least, activating }) => least === 24 && !activating);
    assert.equal(dips?.length, 1);
  });

  it("forgets what a clock that ran ahead had written, once it is put right", () => {
    const history = historyOf([
      { atMs: START_MS, count: 30, activating: true },
      { atMs: START_MS + 3 * DAY_MS, count: 99, activating: true },
      { atMs: START_MS + HOUR_MS, count: 31, activating: true },
    ]);
    for (const range of RANGES) {
      const parts = history.read(NAME, range, START_MS + HOUR_MS);
      assert.ok(parts.every(({ buckets }) => buckets.every(({ most }) => most < 99)));
    }
    assert.ok(!JSON.stringify(history.pack()).includes("99"));
  });

  it("takes no more bytes than promised, whatever happens", () => {
    const history = new CountHistory();
    // Every bucket differs from its neighbours, and every number is as long as one can be.
    for (const { bucketMs } of TIERS.toReversed()) {
      for (let back = 400; back >= 0; back--) {
        const count = 999_999_000 + (back % 7);
        const nowMs = START_MS + 366 * DAY_MS - back * bucketMs;
        history.add("x".repeat(64), { count, activating: back % 2 === 0 }, nowMs);
      }
    }
    const [packed] = history.pack();
    for (const tier of TIERS) {
      const length = packed?.tiers[tier.range].length ?? 0;
      assert.ok(length > lengthOf(tier) * 0.9 && length <= lengthOf(tier), tier.range);
    }
    const bytes = Buffer.byteLength(encodeHistory(history.pack()));
    assert.ok(bytes <= BUDGET_BYTES, `${bytes} bytes`);
    assert.ok(bytes > BUDGET_BYTES / 2, `${bytes} bytes are so few that this tries nothing`);
  });

  it("takes few bytes for a count that rarely changes", () => {
    const history = new CountHistory();
    for (let hour = 0; hour < 366 * 24; hour++) {
      history.add(NAME, { count: 31, activating: true }, START_MS + hour * HOUR_MS);
    }
    assert.ok(Buffer.byteLength(encodeHistory(history.pack())) < 4096);
  });

  it("lets the application go that was longest without a sample, of too many", () => {
    const history = new CountHistory();
    for (let index = 0; index <= MOST_APPLICATIONS; index++) {
      history.add(`app-${index}`, { count: 1, activating: true }, START_MS + index * MINUTE_MS);
    }
    assert.equal(history.applications.length, MOST_APPLICATIONS);
    assert.ok(!history.applications.includes("app-0"));
  });

  it("ends a year after the last sample", () => {
    const history = historyOf([{ atMs: START_MS, count: 1, activating: true }]);
    history.trim(START_MS + 366 * DAY_MS);
    assert.deepEqual(history.applications, [NAME]);
    history.trim(START_MS + 368 * DAY_MS);
    assert.deepEqual(history.applications, []);
  });
});

describe("runs of buckets", () => {
  it("are taken apart as they were put together", () => {
    const buckets = [0, 1, 2, 5, 6].map((place) => ({
      startMs: place * MINUTE_MS,
      least: 1,
      most: place === 6 ? 3 : 2,
      last: 2,
      activating: true,
    }));
    const runs = runsOf(buckets, MINUTE_MS);
    assert.deepEqual(runs, [
      [0, 3, 1, 2, 2, 1],
      [5, 1, 1, 2, 2, 1],
      [6, 1, 1, 3, 2, 1],
    ]);
    assert.deepEqual(bucketsOf(runs, MINUTE_MS), buckets);
    assert.equal(bucketsOf([[0, 1e9, 1, 1, 1, 1]], MINUTE_MS, 10).length, 10);
  });
});

describe("a file of history", () => {
  it("is refused where it is none", () => {
    for (const text of [
      "",
      "{",
      "[]",
      '{"format":"kms-box history","version":2,"applications":[]}',
    ]) {
      assert.equal(parseHistory(text), undefined, text);
    }
    assert.deepEqual(parseHistory(encodeHistory([])), []);
  });
});
