import assert from "node:assert/strict";
import {
  alertRetryMs,
  type DeliveryQueue,
  enqueue,
  forTargets,
  GIVE_UP_MS,
  giveUp,
  MOST_QUEUED,
  owedTo,
  settle,
} from "../../../src/domain/alerts/delivery-queue.ts";
import { ALERT } from "../../support/alerts-rig.ts";

const entry = (id: string, owed: readonly string[], atMs = 0) => ({
  alert: { ...ALERT, id, atMs },
  owed,
});
const ids = (queue: DeliveryQueue) => queue.map(({ alert }) => alert.id);

describe("the queue of alerts", () => {
  it("keeps what somebody is owed until everybody has it", () => {
    const { queue } = enqueue([], [entry("1", ["a", "b"]), entry("2", ["a"]), entry("3", [])]);
    assert.deepEqual(ids(queue), ["1", "2"]);
    const after = settle(queue, "a", ["1", "2"]);
    assert.deepEqual(after, [entry("1", ["b"])]);
    assert.deepEqual(settle(after, "b", ["1"]), []);
  });

  it("drops the oldest where there are too many", () => {
    const many = Array.from({ length: MOST_QUEUED }, (_, at) => entry(`${at}`, ["a"]));
    const { queue, dropped } = enqueue(many, [entry("new", ["a"]), entry("newer", ["a"])]);
    assert.equal(queue.length, MOST_QUEUED);
    assert.deepEqual(ids(dropped), ["0", "1"]);
    assert.deepEqual(ids(queue).slice(-2), ["new", "newer"]);
  });

  it("gives up what is no news any more", () => {
    const queue = [entry("old", ["a"], 0), entry("newer", ["a"], 1)];
    assert.deepEqual(ids(giveUp(queue, GIVE_UP_MS - 1).dropped), []);
    const { queue: left, dropped } = giveUp(queue, GIVE_UP_MS);
    assert.deepEqual([ids(left), ids(dropped)], [["newer"], ["old"]]);
  });

  it("forgets targets that are configured no longer", () => {
    const queue = [entry("1", ["a", "gone"]), entry("2", ["gone"])];
    assert.deepEqual(forTargets(queue, ["a"]), [entry("1", ["a"])]);
  });

  it("gives each target its own, in order", () => {
    const queue = [entry("1", ["a"]), entry("2", ["b"]), entry("3", ["a", "b"])];
    assert.deepEqual(
      owedTo(queue, "a").map(({ id }) => id),
      ["1", "3"],
    );
  });

  it("tries again after 10 s, doubling to an hour", () => {
    const seconds = Array.from({ length: 11 }, (_, at) => alertRetryMs(at + 1) / 1000);
    assert.deepEqual(seconds, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  });
});
