import assert from "node:assert/strict";
import { KEY_UP, type KeyHold, keyTold, releaseDueMs } from "../../src/panel/key-hold.ts";

const told = (...timesMs: number[]): KeyHold => timesMs.reduce(keyTold, KEY_UP);

describe("a terminal's key held like a button", () => {
  it("is not released while it is up", () => {
    assert.equal(releaseDueMs(KEY_UP), undefined);
  });

  it("waits for the keyboard to begin repeating before it calls silence a release", () => {
    assert.equal(releaseDueMs(told(1000)), 1700);
  });

  it("calls a shorter silence a release once it repeats", () => {
    assert.equal(releaseDueMs(told(1000, 1660, 1700)), 1900);
  });

  it("is held since it was told first", () => {
    assert.deepEqual(told(1000, 1500, 1540), { kind: "down", sinceMs: 1000, lastMs: 1540 });
  });
});
