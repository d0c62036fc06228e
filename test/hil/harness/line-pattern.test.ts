import assert from "node:assert/strict";
import { LineHistory } from "./line-pattern.ts";

function blinking(halfPeriodMs: number, lateMs: (index: number) => number = () => 0): LineHistory {
  const history = new LineHistory();
  for (let index = 0; index * halfPeriodMs < 10_000; index++) {
    const level = index % 2 === 0 ? 1 : 0;
    history.record({ atMs: index * halfPeriodMs + lateMs(index), line: 22, level });
  }
  return history;
}

describe("The pattern of a line", () => {
  it("is off until it is driven, and steady from then on", () => {
    const history = new LineHistory();
    history.record({ atMs: 5000, line: 22, level: 1 });
    assert.equal(history.pattern(0, 4000), "off");
    assert.equal(history.pattern(5500, 9000), "steady");
  });

  it("is steady where the same level is written again and again", () => {
    const history = new LineHistory();
    for (let atMs = 0; atMs < 5000; atMs += 100) history.record({ atMs, line: 22, level: 1 });
    assert.equal(history.pattern(1000, 4000), "steady");
  });

  it("is a slow blink at 1 Hz and a fast one at 4 Hz", () => {
    assert.equal(blinking(500).pattern(3000, 6000), "slow blink");
    assert.equal(blinking(125).pattern(3000, 6000), "fast blink");
  });

  it("stays that where the machine is late", () => {
    assert.equal(blinking(500, (index) => (index % 3) * 70).pattern(3000, 6000), "slow blink");
    assert.equal(blinking(125, (index) => (index % 3) * 20).pattern(3000, 6000), "fast blink");
  });

  it("is irregular at any other rate, or with a change only", () => {
    assert.equal(blinking(1500).pattern(2000, 9000), "irregular");
    assert.equal(blinking(20).pattern(2000, 9000), "irregular");
    assert.equal(blinking(500).pattern(1900, 2100), "irregular");
  });

  it("has pulses where it is high for a while", () => {
    const history = new LineHistory();
    const levels = [
      [1000, 1],
      [1060, 0],
      [3000, 1],
      [3070, 0],
      [4000, 1],
    ] as const;
    for (const [atMs, level] of levels) history.record({ atMs, line: 23, level });
    assert.deepEqual(history.pulsesMs(0, 5000), [60, 70]);
    assert.deepEqual(history.pulsesMs(1030, 5000), [70]);
  });
});
