import assert from "node:assert/strict";
import { MINUTE_MS } from "../../src/domain/units.ts";
import { HostClock } from "../../src/services/host-clock.ts";
import { FakeClock, START_MS } from "../support/fake-clock.ts";

describe("the host's clock", () => {
  const clockAt = (markMs: number) => {
    const clock = new FakeClock();
    return { clock, host: new HostClock(clock, clock, { timeMarkMs: markMs }) };
  };

  it("is the wall clock while that is trusted and past the mark", () => {
    const { host } = clockAt(START_MS);
    assert.deepEqual(host.read(), { trusted: true, nowMs: START_MS, source: "test" });
  });

  it("is not trusted without a source, whatever the mark", () => {
    const { clock, host } = clockAt(0);
    clock.distrust("no NTP");
    assert.deepEqual(host.read(), { trusted: false, nowMs: START_MS, reason: "no NTP" });
  });

  it("stands at the mark while NTP sets it back by up to a minute", () => {
    const { host } = clockAt(START_MS + MINUTE_MS);
    assert.deepEqual(host.read(), { trusted: true, nowMs: START_MS + MINUTE_MS, source: "test" });
  });

  it("is not trusted further behind the mark, and says both times", () => {
    const { host } = clockAt(START_MS + MINUTE_MS + 1);
    assert.deepEqual(host.read(), {
      trusted: false,
      nowMs: START_MS,
      reason:
        "The clock says 2025-01-06T08:00:00.000Z, but it was 2025-01-06T08:01:00.001Z before. " +
        "Connect NTP or set the clock.",
    });
  });

  it("has the machine's monotonic time", () => {
    const { clock, host } = clockAt(0);
    clock.wallMs = 0;
    assert.equal(host.monotonicMs(), clock.monotonicMs());
  });
});
