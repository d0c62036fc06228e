import assert from "node:assert/strict";
import { ManagerNotToldError, type ServiceNews } from "../../src/ports/service-manager.ts";
import { LifeSigns } from "../../src/services/life-signs.ts";
import { RecordedEvents } from "../support/recorded-events.ts";
import { VirtualTimers } from "../support/virtual-timers.ts";

describe("the signs of life", () => {
  let timers: VirtualTimers;
  let events: RecordedEvents;
  let told: (ServiceNews & { readonly atMs: number })[];
  let status: string;
  let tell: () => Promise<void>;
  let check: () => Promise<void>;

  beforeEach(() => {
    timers = new VirtualTimers();
    events = new RecordedEvents();
    told = [];
    status = "0 of 25";
    tell = async () => undefined;
    check = async () => undefined;
  });

  function signs(patienceMs: number | null = 60_000): LifeSigns {
    const manager = {
      patienceMs,
      tell: async (news: ServiceNews) => {
        await tell();
        told.push({ ...news, atMs: timers.nowMs });
      },
    };
    const parts = { manager, timers, events, status: () => status, check: { run: () => check() } };
    return new LifeSigns(parts);
  }
  const aliveMs = () => told.filter(({ alive }) => alive).map(({ atMs }) => atMs);

  it("are that it serves and how it stands, then one at half of the manager's patience", async () => {
    signs().start();
    await timers.pass(100_000);
    assert.deepEqual(told[0], { ready: true, status: "0 of 25", atMs: 0 });
    assert.deepEqual(aliveMs(), [0, 30_000, 60_000, 90_000]);
    assert.deepEqual(events.all, []);
  });

  it("are none for a manager that waits for none, but for how it stands", async () => {
    check = () => assert.fail("nobody asked");
    signs(null).start();
    await timers.pass(20_000);
    assert.deepEqual(told, [{ ready: true, status: "0 of 25", atMs: 0 }]);
  });

  it("tell how it stands within 5 s of a change, and not without one", async () => {
    signs(null).start();
    await timers.pass(7000);
    for (status of ["1 of 25", "2 of 25"]) await timers.pass(100);
    await timers.pass(20_000);
    assert.deepEqual(told.slice(1), [{ status: "2 of 25", atMs: 10_000 }]);
  });

  it("cease while the self-check fails, which is told once, and come back after it", async () => {
    check = () => Promise.reject(new Error("nothing answers"));
    signs().start();
    await timers.pass(40_000);
    assert.deepEqual(aliveMs(), []);
    assert.deepEqual(events.all, [
      { name: "self-check-failed", message: "nothing answers", details: {} },
    ]);
    check = async () => undefined;
    await timers.pass(5000);
    assert.deepEqual(aliveMs(), [45_000]);
    check = () => Promise.reject(new Error("nothing answers"));
    await timers.pass(30_000);
    assert.equal(events.all.length, 2);
  });

  it("cease while the self-check does not end", async () => {
    check = () => new Promise(() => undefined);
    signs().start();
    await timers.pass(120_000);
    assert.deepEqual(aliveMs(), []);
  });

  it("end with that it stops", async () => {
    const living = signs();
    living.start();
    await timers.pass(10_000);
    await living.stop();
    await timers.pass(100_000);
    assert.deepEqual(told.at(-1), { stopping: true, status: "stopping", atMs: 10_000 });
    assert.equal(timers.waiting, 0);
  });

  it("do not hold up a stop where the manager does not take them", async () => {
    const living = signs();
    living.start();
    await timers.pass(1000);
    tell = () => new Promise(() => undefined);
    let stopped = false;
    void living.stop().then(() => {
      stopped = true;
    });
    await timers.pass(999);
    assert.equal(stopped, false);
    await timers.pass(1);
    assert.equal(stopped, true);
  });

  it("that cannot be given are told once in the log, and tried again", async () => {
    tell = () => Promise.reject(new ManagerNotToldError("systemd-notify is missing"));
    signs().start();
    await timers.pass(61_000);
    assert.deepEqual(events.all, [
      { name: "manager-not-told", message: "systemd-notify is missing", details: {} },
    ]);
    tell = async () => undefined;
    await timers.pass(5000);
    assert.equal(told[0]?.status, "0 of 25");
  });
});
