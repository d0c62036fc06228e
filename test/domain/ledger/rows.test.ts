import assert from "node:assert/strict";
import { Rows } from "../../../src/domain/ledger/rows.ts";

describe("Rows", () => {
  it("keeps every row apart from its neighbours across chunks", () => {
    const rows = new Rows(16);
    for (let n = 0; n < 10_000; n++) {
      const place = rows.take();
      assert.equal(place, n);
      rows.setNumber(place, 0, n / 3);
      rows.setWord(place, 3, n);
    }
    for (let n = 0; n < 10_000; n++) {
      assert.equal(rows.number(n, 0), n / 3);
      assert.equal(rows.word(n, 3), n);
    }
  });

  it("takes freed places again, the last freed first", () => {
    const rows = new Rows(8);
    for (let n = 0; n < 4; n++) rows.take();
    rows.release(1);
    rows.release(3);
    assert.equal(rows.live, 2);
    assert.deepEqual([rows.take(), rows.take(), rows.take()], [3, 1, 4]);
    assert.equal(rows.places, 5);
  });

  it("refuses a place that never was", () => {
    assert.throws(() => new Rows(8).word(0, 0), RangeError);
  });
});
