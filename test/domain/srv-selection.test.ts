import assert from "node:assert/strict";
import fc from "fast-check";
import { type SrvRecord, selectionOrder } from "../../src/domain/srv-selection.ts";

const record = (target: string, priority: number, weight: number): SrvRecord => ({
  target,
  port: 1688,
  priority,
  weight,
});

/** A small generator with a fixed seed (mulberry32), so that a share is the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("the order of SRV targets", () => {
  it("goes by priority first", () => {
    const order = selectionOrder([record("b", 20, 100), record("a", 10, 0)], () => 0.99);
    assert.deepEqual(
      order.map(({ target }) => target),
      ["a", "b"],
    );
  });

  it("shares the first place by weight", () => {
    const records = [record("a", 0, 60), record("b", 0, 30), record("c", 0, 10)];
    const random = seeded(1);
    const first = { a: 0, b: 0, c: 0 };
    const rounds = 20_000;
    for (let i = 0; i < rounds; i++) {
      first[selectionOrder(records, random)[0]?.target as "a" | "b" | "c"]++;
    }
    const share = (target: "a" | "b" | "c") => first[target] / rounds;
    assert.ok(Math.abs(share("a") - 60 / 101) < 0.015, `a: ${share("a")}`);
    assert.ok(Math.abs(share("b") - 30 / 101) < 0.015, `b: ${share("b")}`);
    assert.ok(Math.abs(share("c") - 11 / 101) < 0.015, `c: ${share("c")}`);
  });

  it("gives a target of weight 0 a small chance beside others", () => {
    const records = [record("heavy", 0, 9), record("light", 0, 0)];
    assert.equal(selectionOrder(records, () => 0.05)[0]?.target, "light");
    assert.equal(selectionOrder(records, () => 0.5)[0]?.target, "heavy");
  });

  it("leaves out the target that says the service is not offered", () => {
    assert.deepEqual(
      selectionOrder([record(".", 0, 0), record("", 0, 0)], () => 0),
      [],
    );
  });

  it("leaves out port 0, at which nothing can listen", () => {
    const records = [{ ...record("none", 0, 100), port: 0 }, record("host", 10, 0)];
    assert.deepEqual(
      selectionOrder(records, () => 0),
      records.slice(1),
    );
  });

  it("names every target once, priorities in order", () => {
    const records = fc.array(
      fc.record({
        target: fc.domain(),
        port: fc.constant(1688),
        priority: fc.integer({ min: 0, max: 3 }),
        weight: fc.integer({ min: 0, max: 65535 }),
      }),
    );
    fc.assert(
      fc.property(records, fc.integer(), (list, seed) => {
        const order = selectionOrder(list, seeded(seed));
        assert.equal(order.length, list.length);
        assert.deepEqual(new Set(order), new Set(list));
        const priorities = order.map(({ priority }) => priority);
        assert.deepEqual(
          priorities,
          priorities.toSorted((a, b) => a - b),
        );
      }),
    );
  });
});
