import assert from "node:assert/strict";
import { BatteryClock } from "../../../../src/adapters/system/clock/battery-clock.ts";
import { ChronyClock } from "../../../../src/adapters/system/clock/chrony-clock.ts";
import { KernelClock } from "../../../../src/adapters/system/clock/kernel-clock.ts";
import { ConfiguredClock, FirmwareClock } from "../../../../src/adapters/system/clock/own-clock.ts";
import { TimesyncdClock } from "../../../../src/adapters/system/clock/timesyncd-clock.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../../src/domain/units.ts";
import type { ClockSource } from "../../../../src/ports/clock.ts";
import { clockSourceContract } from "../../../ports/clock-source-contract.ts";
import { FakeTimers } from "../../../support/fake-clock.ts";
import { ClockRoot, trackingLine } from "./clock-root.ts";

let root: ClockRoot;
beforeEach(() => {
  root = new ClockRoot();
});
afterEach(() => root.clear());

const trusts = (source: ClockSource) => source.read().trusted;

describe("NTP by systemd-timesyncd", () => {
  clockSourceContract("systemd-timesyncd", async () => ({
    source: new TimesyncdClock(root.path),
    vouch: async () => root.synced(0),
    fall: async () => root.synced(9 * HOUR_MS),
  }));

  it("vouches for as long as the kernel would rely on it, and tells the age", () => {
    const source = new TimesyncdClock(root.path);
    root.synced(8 * HOUR_MS);
    assert.equal(trusts(source), true);
    assert.ok(Math.abs((source.read().ageMs ?? 0) - 8 * HOUR_MS) < MINUTE_MS);
    root.synced(9 * HOUR_MS);
    assert.equal(trusts(source), false);
  });

  it("does not vouch where the clock was set back since", () => {
    const source = new TimesyncdClock(root.path);
    root.synced(-30 * SECOND_MS);
    assert.equal(trusts(source), true);
    root.synced(-2 * MINUTE_MS);
    assert.equal(trusts(source), false);
  });
});

describe("NTP by chrony", () => {
  let timers: FakeTimers;
  let source: ChronyClock;
  beforeEach(() => {
    timers = new FakeTimers();
    source = new ChronyClock({ timers, root: root.path, run: root.run });
  });
  afterEach(() => source.stop());

  clockSourceContract("chrony", async () => ({
    source,
    vouch: async () => {
      root.install("chronyc", trackingLine("Normal"));
      await source.start();
    },
    fall: async () => {
      root.install("chronyc", trackingLine("Not synchronised"));
      await timers.fire();
    },
  }));

  it("is asked by chronyc for its tracking, and tells the age", async () => {
    root.install("chronyc", trackingLine("Insert second", { agoMs: HOUR_MS }));
    await source.start();
    assert.deepEqual(root.ran, ["/usr/bin/chronyc -c tracking"]);
    assert.ok(Math.abs((source.read().ageMs ?? 0) - HOUR_MS) < MINUTE_MS);
    assert.deepEqual(timers.delays, [64 * SECOND_MS]);
  });

  it("does not vouch by its own clock, or without an answer", async () => {
    for (const [stdout, status] of [
      [trackingLine("Normal", { reference: "7F7F0101" }), 0],
      ["506 Cannot talk to daemon\n", 1],
      ["", 0],
      ["Normal", 0],
      [trackingLine("Normal"), null],
    ] as const) {
      root.install("chronyc", stdout, status);
      await source.start();
      assert.equal(trusts(source), false, stdout);
    }
  });

  it("is not asked where it is not installed, nor after it was stopped", async () => {
    await source.start();
    assert.deepEqual([root.ran, source.read().detail], [[], "chrony is not installed"]);
    source.stop();
    await timers.fire();
    await source.start();
    assert.deepEqual(timers.delays, []);
  });
});

describe("NTP as the kernel says", () => {
  let timers: FakeTimers;
  let source: KernelClock;
  beforeEach(() => {
    timers = new FakeTimers();
    const before = [new TimesyncdClock(root.path)];
    source = new KernelClock({ timers, before, root: root.path, run: root.run });
  });
  afterEach(() => source.stop());

  clockSourceContract("the kernel", async () => ({
    source,
    vouch: async () => {
      root.install("timedatectl", "yes\n");
      await source.start();
    },
    fall: async () => {
      root.install("timedatectl", "no\n");
      await timers.fire();
    },
  }));

  it("is asked by timedatectl, unless another source tells already", async () => {
    root.install("timedatectl", "yes\n");
    await source.start();
    assert.deepEqual(root.ran, ["/usr/bin/timedatectl show --property=NTPSynchronized --value"]);
    root.synced(0);
    await timers.fire();
    assert.equal(root.ran.length, 1);
    assert.equal(trusts(source), false);
  });

  it("does not vouch where systemd does not answer, or is not there", async () => {
    await source.start();
    assert.equal(source.read().detail, "timedatectl is not installed");
    root.install("timedatectl", "yes\n", 1);
    await timers.fire();
    assert.equal(source.read().detail, "timedatectl does not answer");
  });
});

describe("a battery clock", () => {
  clockSourceContract("the battery clock", async () => ({
    source: new BatteryClock({ root: root.path }),
    vouch: async () => root.batteryClock("1"),
    fall: async () => root.batteryClock("1", 2 * HOUR_MS),
  }));

  it("vouches if the kernel set the time from it", () => {
    const source = new BatteryClock({ root: root.path });
    root.batteryClock("0");
    assert.equal(trusts(source), false);
    root.batteryClock("1", 0, "rtc1");
    assert.equal(trusts(source), true);
  });

  it("vouches by configuration also if another program did", () => {
    root.batteryClock("0");
    assert.equal(trusts(new BatteryClock({ root: root.path, any: true })), true);
  });

  it("does not vouch once it has lost its time, or cannot be read", () => {
    const source = new BatteryClock({ root: root.path });
    root.batteryClock("1", -Date.now());
    assert.equal(trusts(source), false);
    root.batteryClock("1");
    root.remove("sys/class/rtc/rtc0/since_epoch");
    assert.equal(trusts(source), false);
  });
});

describe("the machine's own clock", () => {
  clockSourceContract("the firmware", async () => {
    root.board();
    return {
      source: new FirmwareClock(root.path),
      vouch: async () => root.remove("proc/device-tree"),
      fall: async () => root.board(),
    };
  });

  it("is whatever the administrator says it is", () => {
    assert.equal(trusts(new ConfiguredClock()), true);
  });
});
