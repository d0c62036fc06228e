import assert from "node:assert/strict";
import fc from "fast-check";
import { ALERT_KINDS, type Condition } from "../../../src/domain/alerts/alert.ts";
import {
  type AlertState,
  type AlertTold,
  initialAlerts,
  stepAlerts,
} from "../../../src/domain/alerts/alert-machine.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/units.ts";
import { VOLTAGE } from "../../support/alerts-rig.ts";

const { raiseMs, clearMs } = ALERT_KINDS["voltage-low"];
const NONE: ReadonlySet<string> = new Set();

/** A machine that is looked at again and again. */
class Watched {
  state: AlertState = initialAlerts();
  nowMs = 0;
  stepMs = 0;
  readonly told: AlertTold[] = [];

  look(
    conditions: readonly Condition[],
    afterMs = 0,
    unjudged = NONE,
    remindMs = DAY_MS,
  ): string[] {
    this.nowMs += afterMs;
    const now = { monotonicMs: this.nowMs, wallMs: 1e12 + this.nowMs + this.stepMs };
    const { state, told } = stepAlerts(this.state, { conditions, unjudged }, now, remindMs);
    this.state = state;
    this.told.push(...told);
    return told.map(({ news, key }) => `${news} ${key}`);
  }
}

describe("the machine of alerts", () => {
  let watched: Watched;
  beforeEach(() => {
    watched = new Watched();
  });

  const raise = () => {
    watched.look([VOLTAGE]);
    assert.deepEqual(watched.look([VOLTAGE], raiseMs), ["raised voltage-low"]);
  };

  it("tells what has lasted, once, with the moment it began", () => {
    assert.deepEqual(watched.look([VOLTAGE]), []);
    assert.deepEqual(watched.look([VOLTAGE], raiseMs - 1), []);
    assert.deepEqual(watched.look([VOLTAGE], 1), ["raised voltage-low"]);
    assert.deepEqual(watched.look([VOLTAGE], HOUR_MS), []);
    assert.equal(watched.told[0]?.sinceMs, 1e12);
  });

  it("tells nothing of what comes and goes", () => {
    for (let each = 0; each < 100; each++) {
      watched.look([VOLTAGE], raiseMs - 1);
      watched.look([], 1);
    }
    assert.deepEqual(watched.told, []);
  });

  it("tells that it is over once that has lasted, in words of its own", () => {
    raise();
    assert.deepEqual(watched.look([], 1), []);
    assert.deepEqual(watched.look([], clearMs - 1), []);
    assert.deepEqual(watched.look([VOLTAGE], 1), [], "it came back");
    assert.deepEqual(watched.look([], 1), []);
    assert.deepEqual(watched.look([], clearMs - 1), []);
    assert.deepEqual(watched.look([], 1), ["resolved voltage-low"]);
    assert.equal(watched.told.at(-1)?.sentence, VOLTAGE.over);
    assert.equal(watched.state.raised.size, 0);
  });

  it("reminds once a day, and not at all if it is not to", () => {
    raise();
    assert.deepEqual(watched.look([VOLTAGE], DAY_MS - 1), []);
    assert.deepEqual(watched.look([VOLTAGE], 1), ["reminder voltage-low"]);
    assert.deepEqual(watched.look([VOLTAGE], DAY_MS - 1), []);
    assert.deepEqual(watched.look([VOLTAGE], 100 * DAY_MS, NONE, Number.POSITIVE_INFINITY), []);
  });

  it("tells at once what becomes worse, and never what becomes less so", () => {
    raise();
    assert.deepEqual(watched.look([{ ...VOLTAGE, stage: 2 }], 1), ["raised voltage-low"]);
    assert.deepEqual(watched.look([{ ...VOLTAGE, stage: 1 }], 1), []);
    assert.deepEqual(watched.look([{ ...VOLTAGE, stage: 2 }], 1), []);
    assert.deepEqual(watched.look([{ ...VOLTAGE, stage: 3 }], 1), ["raised voltage-low"]);
  });

  it("leaves as it is what cannot be judged", () => {
    raise();
    const unjudged = new Set(["voltage-low"]);
    assert.deepEqual(watched.look([], 10 * clearMs, unjudged), []);
    assert.deepEqual(watched.look([], 10 * clearMs, unjudged), []);
    assert.equal(watched.state.raised.size, 1);
    watched.look([]);
    assert.deepEqual(watched.look([], clearMs), ["resolved voltage-low"]);
  });

  it("writes nothing new while only the words change, for what stands is on flash", () => {
    raise();
    const before = JSON.stringify([...watched.state.raised]);
    watched.look([{ ...VOLTAGE, sentence: "Now 4.61 V." }], MINUTE_MS);
    assert.equal(JSON.stringify([...watched.state.raised]), before);
    watched.look([{ ...VOLTAGE, sentence: "Now 4.60 V." }], DAY_MS);
    assert.equal(watched.told.at(-1)?.sentence, "Now 4.60 V.");
  });

  it("reminds within a day after the clock was set back by years", () => {
    raise();
    watched.stepMs = -1000 * DAY_MS;
    assert.deepEqual(watched.look([VOLTAGE], 1), []);
    assert.deepEqual(watched.look([VOLTAGE], DAY_MS), ["reminder voltage-low"]);
  });

  it("knows after a restart what it told", () => {
    raise();
    const kept = JSON.parse(JSON.stringify([...watched.state.raised.values()]));
    watched.state = initialAlerts(kept);
    assert.deepEqual(watched.look([VOLTAGE], raiseMs), []);
    assert.deepEqual(watched.look([], 0), []);
    assert.deepEqual(watched.look([], clearMs), ["resolved voltage-low"]);
  });

  it("tells raised and resolved in turns, whatever happens", () => {
    const look = fc.record({ wrong: fc.boolean(), afterMs: fc.nat({ max: 2 * clearMs }) });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 200 }), (looks) => {
        const machine = new Watched();
        for (const { wrong, afterMs } of looks) machine.look(wrong ? [VOLTAGE] : [], afterMs);
        const news = machine.told.map((each) => each.news).filter((each) => each !== "reminder");
        assert.deepEqual(
          news,
          news.map((_, at) => (at % 2 === 0 ? "raised" : "resolved")),
        );
      }),
    );
  });
});
