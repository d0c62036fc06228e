import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_POLICY } from "../../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS } from "../../../src/domain/units.ts";
import { seededRandom } from "../../../src/services/simulation/random.ts";
import { simulate } from "../../../src/services/simulation/simulation.ts";
import { STORIES, STORY_NAMES } from "../../../src/services/simulation/stories.ts";
import type { Day } from "../../../src/services/simulation/timeline.ts";
import { byClient, record } from "../../support/recorded-simulation.ts";

const runningOn = (day: Day) => Object.values(day.clients).reduce((a, b) => a + b, 0);

describe("The story of a network whose count never recovers", () => {
  it("takes every client from licensed over out-of-tolerance grace to notification", () => {
    const { timeline, contacts, changes } = record({ story: "lapse", days: 270 });
    const stayers = [...byClient(contacts)].filter(
      ([, own]) => (own.at(-1)?.timeMs ?? 0) > 200 * DAY_MS,
    );
    assert.equal(stayers.length, 23);
    for (const [cmid, own] of stayers) {
      const states = changes.filter((change) => change.cmid === cmid);
      assert.deepEqual(
        states.map(({ to }) => to),
        ["initial-grace", "licensed", "out-of-tolerance-grace", "notification"],
      );
      const success = own.findLast(({ activated }) => activated);
      const daysOf = (index: number) =>
        Math.round(((states[index]?.timeMs ?? 0) - (success?.timeMs ?? 0)) / DAY_MS);
      assert.deepEqual([daysOf(2), daysOf(3)], [180, 210]);
    }
    const last = timeline.days.at(-1);
    assert.equal(last?.clients.notification, 23);
    assert.equal(last.retrying, 23);
    assert.equal(last.count, 23);
    assert.deepEqual(timeline.turns.map(({ kind }) => kind).slice(-4), [
      "first-out-of-tolerance",
      "all-out-of-tolerance",
      "first-notification",
      "all-notification",
    ]);
  });
});

describe("The story of a new network", () => {
  it("activates nobody below the threshold and all from then on", () => {
    const { timeline, contacts } = record({ story: "growth", clients: 40, days: 42 });
    const reached = contacts.findIndex(({ count }) => count === 25);
    assert.ok(contacts.slice(0, reached).every(({ activated }) => !activated));
    assert.ok(contacts.slice(reached).every(({ activated }) => activated));
    assert.equal(timeline.days.at(-1)?.clients.licensed, 40);
  });

  it("takes clients to notification if the threshold is never reached", () => {
    const { timeline } = record({ story: "growth", clients: 24, days: 50 });
    assert.equal(timeline.days.at(-1)?.clients.notification, 24);
    assert.equal(timeline.days.at(-1)?.count, 24);
  });
});

describe("simulate", () => {
  it("tells the same story for the same seed and another for another", () => {
    const tell = (seed: number) => record({ story: "decommission", days: 60, seed });
    assert.deepEqual(tell(7), tell(7));
    assert.notDeepEqual(tell(7).contacts, tell(8).contacts);
  });

  it("does not let a fleet that was installed together march in step", () => {
    const clients = 400;
    const { contacts } = record({ story: "decommission", clients, days: 37 });
    const busiestHour = (fromMs: number, toMs: number) => {
      const hours = new Map<number, number>();
      for (const { timeMs, activated } of contacts) {
        if (!activated || timeMs < fromMs || timeMs >= toMs) continue;
        const hour = Math.floor(timeMs / HOUR_MS);
        hours.set(hour, (hours.get(hour) ?? 0) + 1);
      }
      return Math.max(...hours.values());
    };
    const first = busiestHour(0, 3 * DAY_MS);
    const fourth = busiestHour(26 * DAY_MS, 34 * DAY_MS);
    assert.ok(first > 0.4 * clients, "all are activated within two hours of the threshold");
    assert.ok(fourth < 0.12 * clients, `${fourth} of ${clients} renewed in one hour`);
  });

  it("adds up on every day, whatever the story, the size and the seed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STORY_NAMES),
        fc.integer({ min: 3, max: 40 }),
        fc.nat(),
        (story, clients, seed) => {
          const { timeline, contacts } = record({ story, clients, seed, days: 60 });
          assert.equal(timeline.days.length, 60);
          const { policy, threshold } = { policy: DEFAULT_POLICY, threshold: timeline.threshold };
          assert.equal(threshold, STORIES[story].threshold({ clients, policy }));
          for (const { activated, count } of contacts) assert.equal(activated, count >= threshold);
          for (const day of timeline.days) {
            assert.ok(day.retries <= day.activations + day.refusals);
            assert.ok(day.retrying <= runningOn(day));
            assert.ok(runningOn(day) <= clients + 2);
          }
          const attempts = timeline.days.reduce(
            (sum, day) => sum + day.activations + day.refusals,
            0,
          );
          assert.equal(attempts, contacts.length);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("needs no observer", () => {
    const { days } = simulate({
      story: "growth",
      clients: 1,
      days: 2,
      seed: 1,
      policy: DEFAULT_POLICY,
    });
    assert.deepEqual(
      days.map(({ count }) => count),
      [1, 1],
    );
  });
});

describe("seededRandom", () => {
  it("draws evenly from [0, 1)", () => {
    const random = seededRandom(42);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const drawn of tenths) assert.ok(Math.abs(drawn - 1000) < 150, tenths.join());
  });
});
