import assert from "node:assert/strict";
import fc from "fast-check";
import {
  firstChangedRun,
  type Run,
  UNKNOWN,
  wireBytes,
} from "../../../src/adapters/panel/oled-diff.ts";

const COLUMNS = 128;

/** Sends run after run until nothing is left to send. */
function runsOf(held: Int16Array, wanted: Uint8Array): Run[] {
  const runs: Run[] = [];
  for (let run = firstChangedRun(held, wanted); run; run = firstChangedRun(held, wanted)) {
    runs.push(run);
    held.set(wanted.subarray(run.first, run.end), run.first);
  }
  return runs;
}

/** A blank page on which these columns are to change. */
function changed(...columns: readonly number[]): Run[] {
  const wanted = new Uint8Array(COLUMNS);
  for (const column of columns) wanted[column] = 0xff;
  return runsOf(new Int16Array(COLUMNS), wanted);
}

const range = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, i) => first + i);

describe("What of a page has changed", () => {
  it("is nothing on an equal page", () => {
    assert.deepEqual(changed(), []);
  });

  it("is the whole page if nobody knows what it holds, even where it is to be dark", () => {
    const runs = runsOf(new Int16Array(COLUMNS).fill(UNKNOWN), new Uint8Array(COLUMNS));
    assert.deepEqual(runs, [{ first: 0, end: COLUMNS }]);
  });

  it("is the columns of a digit and no more", () => {
    assert.deepEqual(changed(...range(40, 45)), [{ first: 40, end: 45 }]);
    assert.equal(wireBytes(5), 12);
  });

  it("takes along a gap that is no dearer than a new address, which is seven bytes", () => {
    assert.deepEqual(changed(10, 18), [{ first: 10, end: 19 }]);
    assert.deepEqual(changed(10, 19), [
      { first: 10, end: 11 },
      { first: 19, end: 20 },
    ]);
  });

  it("minds that a gap may cost another block as well", () => {
    assert.deepEqual(changed(...range(0, 28), 33), [{ first: 0, end: 34 }]);
    assert.deepEqual(changed(...range(0, 28), 35), [
      { first: 0, end: 28 },
      { first: 35, end: 36 },
    ]);
  });

  it("reaches to the last column", () => {
    assert.deepEqual(changed(0, COLUMNS - 1), [
      { first: 0, end: 1 },
      { first: COLUMNS - 1, end: COLUMNS },
    ]);
  });

  it("weighs all that has changed, not each gap by itself", () => {
    const changes = [0, 8, 16, 21, ...range(28, 33), 40, 47, 54, 60, 68, 76, 84, 90, 96];
    const runs = changed(...changes, 104, 112, 120, 125, 127);
    const cost = runs.reduce((sum, { first, end }) => sum + wireBytes(end - first), 0);
    assert.ok(cost <= wireBytes(COLUMNS), `${cost} bytes`);
  });

  it("is all that differs, and never dearer than the whole page or than each stretch alone", () => {
    const byte = fc.integer({ min: 0, max: 3 });
    const page = fc.array(byte, { minLength: COLUMNS, maxLength: COLUMNS });
    fc.assert(
      fc.property(page, page, (before, after) => {
        const held = Int16Array.from(before);
        const runs = runsOf(held, Uint8Array.from(after));
        assert.deepEqual([...held], after);
        const cost = runs.reduce((sum, { first, end }) => sum + wireBytes(end - first), 0);
        assert.ok(cost <= wireBytes(COLUMNS));
        const each = after.filter((value, i) => value !== before[i]).length * wireBytes(1);
        assert.ok(cost <= each);
      }),
    );
  });
});
