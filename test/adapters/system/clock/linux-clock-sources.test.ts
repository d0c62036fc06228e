import assert from "node:assert/strict";
import sinon from "sinon";
import {
  type ClockTrustMode,
  LinuxClockSources,
} from "../../../../src/adapters/system/clock/linux-clock-sources.ts";
import { SECOND_MS } from "../../../../src/domain/units.ts";
import { FakeTimers, settled } from "../../../support/fake-clock.ts";
import { ClockRoot, trackingLine } from "./clock-root.ts";

describe("the sources of the time", () => {
  let root: ClockRoot;
  let timers: FakeTimers;
  beforeEach(() => {
    root = new ClockRoot();
    timers = new FakeTimers();
  });
  afterEach(() => root.clear());

  const sources = (mode: ClockTrustMode) =>
    new LinuxClockSources({ mode, timers, root: root.path, run: root.run });
  const vouching = async (mode: ClockTrustMode) => {
    const opened = sources(mode);
    await opened.start();
    await settled();
    opened.stop();
    return opened.readings().flatMap(({ trusted, name }) => (trusted ? [name] : []));
  };

  it("are those that the configuration lets vouch", async () => {
    root.board();
    const all = { auto: [], ntp: [], rtc: [], manual: [], system: ["system"] };
    const assertVouching = async (more: Partial<Record<ClockTrustMode, string[]>>) => {
      for (const [mode, names] of Object.entries({ ...all, ...more })) {
        assert.deepEqual(await vouching(mode as ClockTrustMode), names, mode);
      }
    };
    await assertVouching({});
    root.batteryClock("0");
    await assertVouching({ rtc: ["rtc"] });
    root.batteryClock("1");
    await assertVouching({ auto: ["rtc"], rtc: ["rtc"] });
    root.install("chronyc", trackingLine("Normal"));
    await assertVouching({ auto: ["chrony", "rtc"], ntp: ["chrony"], rtc: ["chrony", "rtc"] });
    root.remove("proc/device-tree");
    const auto = ["chrony", "rtc", "system"];
    await assertVouching({ auto, ntp: ["chrony"], rtc: ["chrony", "rtc"] });
  });

  it("tell what to do where none vouches", () => {
    for (const mode of ["auto", "ntp", "rtc"] as const) {
      assert.match(
        sources(mode).lacking,
        /\. Connect NTP, or set the clock: kms-box clock set TIME\.$/,
      );
    }
    assert.match(sources("manual").lacking, /type: kms-box clock trust\.$/);
  });

  it("are waited for only where no other vouches", async () => {
    root.board();
    root.install("chronyc", trackingLine("Normal"));
    const opened = sources("auto");
    await opened.start();
    assert.ok(opened.readings().some(({ name, trusted }) => name === "chrony" && trusted));
    opened.stop();
  });

  it("are looked at every five seconds at most", () => {
    root.board();
    const clock = sinon.useFakeTimers({ toFake: ["performance"] });
    const opened = sources("auto");
    const trusts = () => opened.readings().some(({ trusted }) => trusted);
    assert.equal(trusts(), false);
    root.synced(0);
    clock.tick(5 * SECOND_MS);
    assert.equal(trusts(), false);
    clock.tick(1);
    assert.equal(trusts(), true);
  });
});
