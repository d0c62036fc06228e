import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/units.ts";
import { HistoryService } from "../../../src/services/history/history-service.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

class Rig {
  readonly timers = new VirtualTimers();
  readonly events = new RecordedEvents();
  readonly saved: string[] = [];
  count = 30;
  trusted = true;
  healthy = true;
  offsetMs = START_MS;
  fails: string | undefined;
  text: string | undefined;

  service(): HistoryService {
    return new HistoryService({
      store: {
        load: async () => this.text,
        save: async (text) => {
          if (this.fails !== undefined) throw new Error(this.fails);
          this.saved.push(text);
          this.text = text;
        },
      },
      clock: {
        monotonicMs: () => this.timers.nowMs,
        read: () => {
          const nowMs = this.offsetMs + this.timers.nowMs;
          return this.trusted
            ? { trusted: true, nowMs, source: "test" }
            : { trusted: false, nowMs, reason: "test" };
        },
      },
      report: {
        host: () => ({
          ...{ host: "", licence: null, licences: [], generation: null as never, time: 0 },
          products: [
            { id: "a", name: "Writer", application: "office", threshold: 25 },
            { id: "b", name: "Painter", application: "office", threshold: 28 },
          ].map((each) => ({
            ...each,
            count: this.count,
            activating: this.count >= each.threshold,
          })),
        }),
        health: () => ({ healthy: this.healthy, reasons: [] }),
      },
      timers: this.timers,
      events: this.events,
    });
  }
}

const lastOf = (service: HistoryService) =>
  service.read("24h").applications[0]?.parts.flatMap(({ buckets }) => buckets) ?? [];

describe("the history of the counts", () => {
  it("looks every minute, and knows what each application's products need", async () => {
    const rig = new Rig();
    const service = rig.service();
    await service.start();
    rig.count = 26;
    await rig.timers.pass(MINUTE_MS);
    const [office] = service.read("24h").applications;
    assert.deepEqual(office?.products, [
      { name: "Writer", threshold: 25 },
      { name: "Painter", threshold: 28 },
    ]);
    assert.deepEqual(
      lastOf(service).map(({ last, activating }) => [last, activating]),
      [
        [30, true],
        [26, false],
      ],
    );
    await service.stop();
  });

  it("is told of as not activating while nobody is activated, whatever the count", async () => {
    const rig = new Rig();
    rig.healthy = false;
    const service = rig.service();
    await service.start();
    assert.equal(lastOf(service).at(-1)?.activating, false);
    await service.stop();
  });

  it("knows what came and went within a minute, if it is told to look", async () => {
    const rig = new Rig();
    const service = rig.service();
    await service.start();
    rig.count = 20;
    service.look();
    rig.count = 30;
    service.look();
    const [bucket] = lastOf(service);
    assert.deepEqual([bucket?.least, bucket?.last, bucket?.activating], [20, 30, false]);
    await service.stop();
  });

  it("is written eight times a day and when the service stops, and is there at the next start", async () => {
    const rig = new Rig();
    const service = rig.service();
    await service.start();
    await rig.timers.pass(DAY_MS);
    assert.equal(rig.saved.length, 8);
    await rig.timers.pass(HOUR_MS);
    rig.count = 27;
    await rig.timers.pass(MINUTE_MS);
    await service.stop();
    assert.equal(rig.saved.length, 9);
    assert.equal(rig.timers.waiting, 0);
    rig.offsetMs += 2 * HOUR_MS;
    const next = rig.service();
    await next.start();
    const before = lastOf(next).filter(({ least }) => least === 27);
    assert.ok(before.length >= 1);
    assert.ok(lastOf(next).some(({ least }) => least === 30));
    await next.stop();
  });

  it("writes nothing down while nobody knows the time", async () => {
    const rig = new Rig();
    rig.trusted = false;
    const service = rig.service();
    await service.start();
    await rig.timers.pass(DAY_MS);
    await service.stop();
    assert.deepEqual([lastOf(service), rig.saved], [[], []]);
  });

  it("begins anew where the file is damaged, and says so", async () => {
    const rig = new Rig();
    rig.text = "{half";
    const service = rig.service();
    await service.start();
    assert.match(rig.events.named("history-failed")[0]?.message ?? "", /damaged/);
    assert.equal(lastOf(service).length, 1);
    await service.stop();
    assert.equal(rig.saved.length, 1);
  });

  it("goes on without flash, tells of it once, and writes all once it works again", async () => {
    const rig = new Rig();
    rig.fails = "the disk is full";
    const service = rig.service();
    await service.start();
    await rig.timers.pass(DAY_MS);
    const told = rig.events.named("history-failed");
    assert.equal(told.length, 1);
    assert.match(told[0]?.message ?? "", /disk is full.*Activation goes on/);
    rig.fails = undefined;
    await service.stop();
    assert.equal(rig.saved.length, 1);
  });
});
