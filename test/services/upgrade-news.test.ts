import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { UpgradeOutcome } from "../../src/ports/upgrade.ts";
import { UpgradeNews } from "../../src/services/upgrade-news.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { RecordedEvents } from "../support/recorded-events.ts";

const TAKEN_BACK: UpgradeOutcome = {
  outcome: "rolled-back",
  from: "1.0.0",
  to: "1.1.0",
  reason: "it did not answer",
  at: "2026-01-01T00:00:00Z",
};

describe("News of an upgrade", () => {
  let store: MemoryStore;
  let events: RecordedEvents;
  beforeEach(() => {
    store = new MemoryStore();
    events = new RecordedEvents();
  });

  async function start(version: string, outcome: UpgradeOutcome | null = null) {
    const news = new UpgradeNews({ store, events, version, outcome });
    news.start();
    await turn();
    return news;
  }

  it("is none at the first start and at one of the same version, and writes but once", async () => {
    await start("1.0.0");
    await start("1.0.0");
    assert.deepEqual(events.all, []);
    assert.equal(store.durable.length, 1);
  });

  it("tells once that another version runs", async () => {
    await start("1.0.0");
    await start("1.1.0");
    await start("1.1.0");
    assert.deepEqual(
      events.all.map(({ name, details }) => [name, details]),
      [["version-changed", { from: "1.0.0", to: "1.1.0" }]],
    );
  });

  it("tells once that a version was taken back, and the status goes on telling", async () => {
    await start("1.0.0");
    await start("1.0.0", TAKEN_BACK);
    const news = await start("1.0.0", TAKEN_BACK);
    assert.deepEqual(
      events.all.map(({ name, message }) => [name, message]),
      [
        [
          "upgrade-rolled-back",
          "Version 1.1.0 did not run, and 1.0.0 is in use again: it did not answer.",
        ],
      ],
    );
    assert.equal(news.failure, TAKEN_BACK);
  });

  it("tells of it also where the new version had come far enough to tell of itself", async () => {
    await start("1.0.0");
    await start("1.1.0");
    await start("1.0.0", TAKEN_BACK);
    assert.deepEqual(
      events.all.map(({ name }) => name),
      ["version-changed", "upgrade-rolled-back"],
    );
  });

  it("tells of a second failure of the same version", async () => {
    await start("1.0.0", TAKEN_BACK);
    await start("1.0.0", { ...TAKEN_BACK, at: "2026-01-02T00:00:00Z" });
    assert.equal(events.named("upgrade-rolled-back").length, 1);
  });

  it("tells of an installation that was cut short", async () => {
    await start("1.0.0");
    await start("1.0.0", { ...TAKEN_BACK, outcome: "unfinished" });
    assert.match(
      String(events.named("upgrade-unfinished")[0]?.message),
      /^Version 1\.1\.0 is not in use, but still 1\.0\.0/,
    );
  });

  it("is no failure once another version runs", async () => {
    assert.equal((await start("1.2.0", TAKEN_BACK)).failure, null);
    assert.equal((await start("1.1.0", { ...TAKEN_BACK, outcome: "upgraded" })).failure, null);
  });

  it("stops nothing where the store cannot be written", async () => {
    store.fail();
    await start("1.0.0");
    assert.deepEqual(events.all, []);
  });
});
