import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { Killer } from "../../src/ports/machine.ts";
import type { Json } from "../../src/ports/store.ts";
import type { Ending } from "../../src/services/endings.ts";
import { RUN_DOCUMENT, RunRecord } from "../../src/services/run-record.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { RecordedEvents } from "../support/recorded-events.ts";

const clock = { nowMs: () => 0, monotonicMs: () => 0 };
const PARTS = { clock, version: "1.2.3", killedBy: undefined, afterRestore: false };
const SIGNAL: Ending = { kind: "signal", signal: "SIGTERM" };

describe("the record of runs", () => {
  let store: MemoryStore;
  let events: RecordedEvents;
  beforeEach(() => {
    store = new MemoryStore();
    events = new RecordedEvents();
  });

  async function begin(
    bootId: string | null = "boot-1",
    afterReset = false,
    given: { version?: string; killedBy?: Killer; afterRestore?: boolean } = {},
  ): Promise<RunRecord> {
    const run = new RunRecord({ ...PARTS, store, events, bootId, afterReset, ...given });
    run.start();
    await turn();
    return run;
  }

  async function lastStart(bootId?: string | null, afterReset?: boolean): Promise<string> {
    return (await begin(bootId, afterReset)).lastStart;
  }

  it("is one write at the start and one at the end", async () => {
    const run = await begin();
    const startedAt = "1970-01-01T00:00:00.000Z";
    const begun = { bootId: "boot-1", version: "1.2.3", startedAt, ended: null };
    assert.deepEqual(store.documents.get(RUN_DOCUMENT), begun);
    await run.end({ kind: "restart", by: "button" });
    const ended = { reason: "restart", by: "button", at: startedAt };
    assert.deepEqual(store.documents.get(RUN_DOCUMENT), { ...begun, ended });
    assert.equal(store.durable.length, 2);
  });

  const orderly: [string, Ending | undefined, string | null, string][] = [
    ["a restart by the button", { kind: "restart", by: "button" }, "boot-1", "restart by button"],
    ["a restart by command", { kind: "restart", by: "command" }, "boot-1", "restart by command"],
    ["being switched off", { kind: "power-off", by: "button" }, "boot-2", "switched off"],
    ["a shutdown called off", { kind: "power-off", by: "button" }, "boot-1", "after a stop"],
    ["a signal", SIGNAL, "boot-1", "after a stop"],
    ["a signal and a boot", SIGNAL, "boot-2", "machine restart"],
    ["a signal where boots are not known", SIGNAL, null, "after a stop"],
    ["an error while it started", undefined, "boot-1", "after a stop"],
  ];
  for (const [what, ending, bootId, expected] of orderly) {
    it(`tells a start after ${what}`, async () => {
      await (await begin()).end(ending);
      assert.equal(await lastStart(bootId), expected);
      assert.deepEqual(events.all, []);
    });
  }

  it("tells the first start ever", async () => {
    assert.equal(await lastStart(), "first start");
    assert.deepEqual(events.all, []);
  });

  it("tells a factory reset", async () => {
    assert.equal(await lastStart("boot-1", true), "factory reset");
  });

  it("tells a crash, and that nobody asked for it", async () => {
    await begin();
    assert.equal(await lastStart(), "crash");
    const [told] = events.named("stopped-unexpectedly");
    assert.match(String(told?.message), /while the machine ran on/);
    assert.deepEqual(told?.details, { reason: "crash", startedAt: "1970-01-01T00:00:00.000Z" });
  });

  it("tells a power cut if the boot is another", async () => {
    await begin();
    assert.equal(await lastStart("boot-2"), "power cut");
    assert.match(String(events.named("stopped-unexpectedly")[0]?.message), /lost its power/);
  });

  it("leaves open which of both it was if the boot is unknown", async () => {
    await begin();
    assert.equal(await lastStart(null), "crash or power cut");
    assert.match(String(events.named("stopped-unexpectedly")[0]?.message), /without being told/);
  });

  it("fits the panel with every reason", async () => {
    for (const [, ending, bootId, expected] of orderly) {
      await (await begin()).end(ending);
      assert.ok((await lastStart(bootId)).length <= 20, expected);
    }
  });

  it("takes what it cannot read for a first start", async () => {
    const values: Json[] = [
      7,
      null,
      [],
      { ended: null },
      { ended: 7, startedAt: "" },
      { ended: null, startedAt: "", bootId: 7 },
    ];
    for (const value of values) {
      if (value === null) store.documents.delete(RUN_DOCUMENT);
      else store.documents.set(RUN_DOCUMENT, value);
      assert.equal(await lastStart(), "first start", JSON.stringify(value));
    }
  });

  it("lets the service start and stop on a disk that cannot be written", async () => {
    store.fail();
    const run = await begin();
    assert.equal(run.lastStart, "first start");
    await run.end(SIGNAL);
    assert.equal(store.documents.has(RUN_DOCUMENT), false);
  });

  it("is written when the disk can be written again", async () => {
    store.fail();
    await begin();
    store.recover();
    await turn();
    assert.equal(store.durable.length, 1);
    assert.equal(await lastStart(), "crash");
    store.recover();
    await turn();
    assert.equal(store.durable.length, 2);
  });

  for (const killedBy of ["watchdog", "out of memory"] as const) {
    it(`tells a start after the service manager ended it: ${killedBy}`, async () => {
      await begin();
      assert.equal((await begin("boot-1", false, { killedBy })).lastStart, killedBy);
      const [told] = events.named("stopped-unexpectedly");
      assert.equal(told?.details.reason, killedBy);
    });
  }

  it("tells the first start of a restored box", async () => {
    const run = await begin("boot-1", false, { afterRestore: true });
    assert.equal(run.lastStart, "restore");
  });

  it("does not take a power cut for what was told of an earlier run", async () => {
    await begin();
    assert.equal((await begin("boot-2", false, { killedBy: "watchdog" })).lastStart, "power cut");
  });

  for (const [version, expected] of [
    ["1.2.4", "upgrade"],
    ["1.10.0", "upgrade"],
    ["2.0.0", "upgrade"],
    ["1.2.3+build", "upgrade"],
    ["1.1.9", "rollback"],
    ["0.9.9", "rollback"],
  ] as const) {
    it(`tells a start of version ${version} after 1.2.3`, async () => {
      await (await begin()).end(SIGNAL);
      assert.equal((await begin("boot-1", false, { version })).lastStart, expected);
    });
  }

  it("knows no upgrade from a version that kept none", async () => {
    const ended = { reason: "signal", at: "2030-01-01T00:00:00.000Z" };
    const value = { bootId: "boot-1", startedAt: ended.at, ended };
    await store.commit([{ op: "document", name: RUN_DOCUMENT, value }]);
    assert.equal(await lastStart("boot-1"), "after a stop");
  });

  it("says nothing of the end of a run that never began", async () => {
    const parts = { ...PARTS, store, events, bootId: null, afterReset: false };
    await new RunRecord(parts).end(SIGNAL);
    assert.deepEqual(store.durable, []);
  });
});
