import assert from "node:assert/strict";
import fc from "fast-check";
import {
  flashUntilMs,
  type LampFacts,
  levelsAt,
  nextLevelChangeMs,
  patternsOf,
} from "../../src/panel/lamp-patterns.ts";
import { LAMPS, type LampPatterns } from "../../src/panel/lamps.ts";

const NEVER = Number.NEGATIVE_INFINITY;

const count = (activationCount: number) => ({
  name: "Office",
  activationCount,
  activationThreshold: 25,
});
const fault = { level: "fault" as const };
const attention = { level: "attention" as const };

const WELL: LampFacts = {
  serving: true,
  counts: [count(25)],
  faults: [],
  armed: false,
  confirmingReset: false,
  ending: null,
  identify: false,
};

/** Green, yellow, red and activity. */
function patterns(facts: Partial<LampFacts> = {}): string {
  const all = patternsOf({ ...WELL, ...facts });
  return LAMPS.map((lamp) => all[lamp]).join(" ");
}

describe("the LEDs", () => {
  it("are green while the host activates", () => {
    assert.equal(patterns(), "steady off off off");
  });

  it("blink green slowly while any product is below its threshold, or there is none", () => {
    assert.equal(patterns({ counts: [count(24)] }), "slow off off off");
    assert.equal(patterns({ counts: [count(24), count(25)] }), "slow off off off");
    assert.equal(patterns({ counts: [], faults: [fault] }), "slow off steady off");
  });

  it("blink green fast while the host starts, or ends with the machine", () => {
    assert.equal(patterns({ serving: false }), "fast off off off");
    assert.equal(patterns({ ending: "restarting" }), "fast off off off");
    assert.equal(patterns({ ending: "powering-off" }), "fast off off off");
  });

  it("are yellow for what wants attention and red for a fault", () => {
    assert.equal(patterns({ faults: [attention] }), "steady steady off off");
    assert.equal(patterns({ faults: [fault] }), "steady off steady off");
    assert.equal(patterns({ faults: [fault, attention] }), "steady steady steady off");
  });

  it("blink yellow fast when letting go of the button does something, before all else", () => {
    assert.equal(patterns({ identify: true, faults: [attention] }), "steady slow off off");
    assert.equal(patterns({ armed: true, identify: true }), "steady fast off off");
  });

  it("blink red fast while a factory reset is asked for or under way", () => {
    assert.equal(patterns({ confirmingReset: true, faults: [fault] }), "steady off fast off");
    assert.equal(patterns({ ending: "resetting" }), "steady off fast off");
  });

  it("are all off once the host has stopped", () => {
    assert.equal(patterns({ ending: "stopped", faults: [fault] }), "off off off off");
  });
});

const lamps = (green: LampPatterns["green"], red: LampPatterns["red"] = "off"): LampPatterns => ({
  green,
  red,
  yellow: "off",
  activity: "off",
});

describe("an LED's light", () => {
  it("is on for the first half of each period", () => {
    const lit = (pattern: "slow" | "fast", atMs: number) =>
      levelsAt(lamps(pattern), atMs, NEVER).green;
    assert.deepEqual(
      [0, 499, 500, 999, 1000].map((atMs) => lit("slow", atMs)),
      [true, true, false, false, true],
    );
    assert.deepEqual(
      [0, 124, 125, 249, 250].map((atMs) => lit("fast", atMs)),
      [true, true, false, false, true],
    );
  });

  it("does not change where there is nothing that blinks", () => {
    assert.equal(nextLevelChangeMs(lamps("steady"), 1234, NEVER), null);
    assert.deepEqual(levelsAt(lamps("steady"), 1234, NEVER), {
      green: true,
      yellow: false,
      red: false,
      activity: false,
    });
  });

  it("changes when it was said to, and not before", () => {
    const pattern = fc.constantFrom<LampPatterns["green"]>("off", "steady", "slow", "fast");
    const time = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(pattern, pattern, time, fc.integer({ max: 2000 }), (green, red, atMs, flash) => {
        const both = lamps(green, red);
        const untilMs = atMs + flash;
        const levels = (ms: number) => JSON.stringify(levelsAt(both, ms, untilMs));
        const next = nextLevelChangeMs(both, atMs, untilMs) ?? atMs + 3000;
        assert.ok(next > atMs);
        for (let ms = atMs; ms < next; ms++) assert.equal(levels(ms), levels(atMs));
        if (next !== atMs + 3000) assert.notEqual(levels(next), levels(next - 1));
      }),
      { examples: [["off", "slow", 0, 60]] },
    );
  });
});

describe("the activity LED", () => {
  it("is lit for 60 ms at a contact", () => {
    const untilMs = flashUntilMs(NEVER, 1000);
    const lit = (atMs: number) => levelsAt(lamps("off"), atMs, untilMs).activity;
    assert.deepEqual([1000, 1059, 1060].map(lit), [true, true, false]);
    assert.equal(nextLevelChangeMs(lamps("off"), 1000, untilMs), 1060);
    assert.equal(nextLevelChangeMs(lamps("off"), 1060, untilMs), null);
  });

  it("is dark for 40 ms at least between flashes", () => {
    assert.equal(flashUntilMs(1060, 1099), 1060);
    assert.equal(flashUntilMs(1060, 1100), 1160);
  });

  it("flickers under any load", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 50 }), (pauses) => {
        let untilMs = NEVER;
        let atMs = 0;
        const litMs: boolean[] = [];
        for (const pauseMs of pauses) {
          untilMs = flashUntilMs(untilMs, atMs);
          for (let ms = 0; ms < pauseMs; ms++) litMs.push(atMs + ms < untilMs);
          atMs += pauseMs;
        }
        const runs =
          litMs
            .map((lit) => (lit ? "x" : "."))
            .join("")
            .match(/x+|\.+/g) ?? [];
        for (const run of runs.slice(0, -1)) {
          assert.ok(run.startsWith("x") ? run.length === 60 : run.length >= 40);
        }
      }),
    );
  });
});
