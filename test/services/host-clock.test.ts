import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../src/domain/units.ts";
import type { ClockReading } from "../../src/ports/clock.ts";
import { HostClock } from "../../src/services/host-clock.ts";
import { FakeClock, START_MS, TEST_READING } from "../support/fake-clock.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { RecordedEvents } from "../support/recorded-events.ts";

const YEAR_2040_MS = Date.UTC(2040, 0, 1);

/** A host's clock on a fake one, and what a later service of the same machine would see. */
class ClockRig {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly events = new RecordedEvents();
  host: HostClock;

  constructor(markMs = 0) {
    this.store.timeMarkMs = markMs;
    this.host = this.serve("boot-1");
  }

  /** Starts the service anew. */
  serve(bootId: string | null): HostClock {
    const { clock, store, events } = this;
    this.host = new HostClock({ clock, sources: clock, store, events, bootId });
    return this.host;
  }

  get reason(): string {
    const time = this.host.read();
    assert.ok(!time.trusted, "the clock must not be trusted");
    return time.reason;
  }

  assertTrusted(nowMs = this.clock.wallMs): void {
    assert.deepEqual(this.host.read(), { trusted: true, nowMs, source: "test" });
  }
}

describe("the host's clock", () => {
  it("is the wall clock while that is trusted and past the mark", () => {
    new ClockRig(START_MS).assertTrusted(START_MS);
  });

  it("is not trusted without a source, whatever the mark", () => {
    const rig = new ClockRig(0);
    rig.clock.distrust("no NTP");
    assert.deepEqual(rig.host.read(), { trusted: false, nowMs: START_MS, reason: "no NTP" });
  });

  it("stands at the mark while NTP sets it back by up to a minute", () => {
    new ClockRig(START_MS + MINUTE_MS).assertTrusted(START_MS + MINUTE_MS);
  });

  it("is not trusted further behind the mark, and says both times", () => {
    const rig = new ClockRig(START_MS + MINUTE_MS + 1);
    assert.deepEqual(rig.host.read(), {
      trusted: false,
      nowMs: START_MS + MINUTE_MS + 1,
      reason:
        "The clock says 2025-01-06T08:00:00.000Z, but it was 2025-01-06T08:01:00.001Z before. " +
        "Connect NTP or set the clock.",
    });
  });

  it("has the machine's monotonic time", () => {
    const { clock, host } = new ClockRig();
    clock.wallMs = 0;
    assert.equal(host.monotonicMs(), clock.monotonicMs());
  });

  it("names the most reliable of those that vouch for it", () => {
    const rig = new ClockRig();
    const of = (authority: ClockReading["authority"], trusted = true): ClockReading => ({
      ...TEST_READING,
      authority,
      trusted,
      detail: authority,
    });
    const source = () => {
      const time = rig.host.read();
      return time.trusted ? time.source : null;
    };
    rig.clock.sources = [of("system"), of("rtc"), of("ntp")];
    assert.equal(source(), "ntp");
    rig.clock.sources = [of("system"), of("rtc"), of("ntp", false)];
    assert.equal(source(), "rtc");
    rig.host.takeWord();
    assert.equal(source(), "the administrator's word for this boot");
  });
});

describe("a host's clock that is set while the service runs", () => {
  let rig: ClockRig;
  beforeEach(() => {
    rig = new ClockRig(START_MS);
    rig.assertTrusted();
    rig.clock.pass(HOUR_MS);
  });

  it("tells steps of more than 5 s, forward and back, once each", () => {
    rig.clock.step(5 * SECOND_MS);
    rig.assertTrusted();
    assert.deepEqual(rig.events.names, []);
    rig.clock.step(6 * SECOND_MS);
    rig.assertTrusted();
    rig.clock.pass(MINUTE_MS);
    rig.clock.step(-HOUR_MS);
    rig.assertTrusted();
    rig.assertTrusted();
    const steps = rig.events.named("clock-stepped");
    assert.deepEqual(
      steps.map(({ details }) => details.seconds),
      [6, -3600],
    );
    assert.match(steps[1]?.message ?? "", /set back while the service ran, from 2025-.* to 2025-/);
    assert.deepEqual(rig.host.state().lastStep, {
      fromMs: rig.clock.wallMs + HOUR_MS,
      toMs: rig.clock.wallMs,
    });
  });

  it("holds on to what it knew when NTP says 2040, and trusts it again once that is over", async () => {
    rig.clock.step(YEAR_2040_MS - rig.clock.wallMs);
    assert.match(
      rig.reason,
      /^The clock says 2040-01-01.* days later than 2025-01-06T09:00:00.000Z/,
    );
    assert.match(rig.reason, /kms-box clock trust --yes/);
    rig.clock.pass(90 * DAY_MS);
    assert.match(rig.reason, /^The clock says 2040/);
    await rig.host.keep();
    assert.equal(rig.store.timeMarkMs, START_MS, "the mark must not follow");
    rig.clock.wallMs = START_MS + HOUR_MS + 90 * DAY_MS;
    rig.assertTrusted();
    assert.deepEqual(
      rig.events.named("clock-stepped").map(({ details }) => Math.sign(Number(details.seconds))),
      [1, -1],
    );
  });

  it("believes NTP after a day with a month ahead, and says when", () => {
    rig.clock.step(31 * DAY_MS);
    assert.match(rig.reason, /It is believed in 24 hours if NTP stays with it/);
    rig.clock.pass(DAY_MS - 1);
    assert.match(rig.reason, /It is believed in 1 minutes/);
    rig.clock.pass(1);
    rig.assertTrusted();
  });

  it("does not believe it sooner because the service was started anew", async () => {
    await rig.host.keep();
    rig.clock.step(31 * DAY_MS);
    rig.serve("boot-1");
    assert.match(rig.reason, /31 days later/);
    rig.serve("boot-2");
    rig.assertTrusted();
  });

  it("knows how long the machine slept", () => {
    rig.clock.sleep(3 * DAY_MS);
    rig.assertTrusted();
    rig.clock.sleep(3 * DAY_MS);
    rig.assertTrusted();
    assert.deepEqual(rig.events.names, []);
    rig.clock.step(3 * DAY_MS);
    assert.match(rig.reason, /3 days later|2 days later/);
  });
});

describe("the time on flash", () => {
  it("is kept once an hour, with what the next service of this boot must know", async () => {
    const rig = new ClockRig();
    await rig.host.keep();
    const anchor = { wallMs: START_MS, elapsedMs: rig.clock.sinceBootMs(), byNtp: true };
    const value = { bootId: "boot-1", anchor, wordMs: null };
    const first = [
      { op: "time", timeMs: START_MS },
      { op: "document", name: "clock", value },
    ];
    assert.deepEqual(rig.store.durable, [first]);
    rig.clock.pass(HOUR_MS - 1);
    await rig.host.keep();
    assert.equal(rig.store.durable.length, 1);
    rig.clock.pass(1);
    await rig.host.keep();
    assert.equal(rig.store.timeMarkMs, START_MS + HOUR_MS);
  });

  it("is tried again after the flash failed", async () => {
    const rig = new ClockRig();
    rig.store.fail();
    await assert.rejects(rig.host.keep(), { code: "storage-failed" });
    rig.store.recover();
    await rig.host.keep();
    assert.equal(rig.store.timeMarkMs, START_MS);
  });

  it("is a time alone where boots cannot be told apart", async () => {
    const rig = new ClockRig();
    await rig.serve(null).keep();
    assert.deepEqual(rig.store.durable, [[{ op: "time", timeMs: START_MS }]]);
  });

  it("is not misled by a document that another program wrote", () => {
    const rig = new ClockRig(START_MS);
    for (const value of [
      7,
      [],
      {},
      { bootId: "boot-1" },
      { bootId: "boot-1", anchor: { wallMs: "x" } },
    ]) {
      rig.store.documents.set("clock", value);
      rig.serve("boot-1");
      rig.assertTrusted();
    }
  });
});
