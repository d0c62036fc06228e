import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sinon from "sinon";
import { LinuxClockSource, SystemClockSource } from "../../../src/adapters/system/clock-sources.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../src/domain/units.ts";

const STAMP = "run/systemd/timesync/synchronized";

describe("the source of the time", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "kms-box-clock-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (path: string, text = "") => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const board = () => write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
  const synced = (agoMs: number) => {
    write(STAMP);
    const at = (Date.now() - agoMs) / SECOND_MS;
    utimesSync(join(root, STAMP), at, at);
  };
  const batteryClock = (hctosys: string, offMs = 0) => {
    write("sys/class/rtc/rtc0/hctosys", `${hctosys}\n`);
    write("sys/class/rtc/rtc0/since_epoch", `${Math.floor((Date.now() + offMs) / SECOND_MS)}\n`);
  };
  const look = () => {
    const trust = new LinuxClockSource(root).trust();
    return trust.trusted ? trust.source : "none";
  };

  it("is whatever the administrator says it is", () => {
    assert.equal(new SystemClockSource().trust().trusted, true);
  });

  it("is none on a board without battery clock and NTP, and it says what to do", () => {
    board();
    const trust = new LinuxClockSource(root).trust();
    assert.ok(!trust.trusted);
    assert.match(trust.reason, /no battery clock and no NTP server.*Connect NTP/);
  });

  it("is the machine's own clock on what is no board", () => {
    assert.equal(look(), "system clock of this machine");
  });

  it("is NTP after a sync, for as long as the kernel would rely on it", () => {
    board();
    synced(0);
    assert.equal(look(), "NTP (systemd-timesyncd)");
    synced(8 * HOUR_MS);
    assert.equal(look(), "NTP (systemd-timesyncd)");
    synced(9 * HOUR_MS);
    assert.equal(look(), "none");
  });

  it("is none where the clock was set back since the sync", () => {
    board();
    synced(-30 * SECOND_MS);
    assert.equal(look(), "NTP (systemd-timesyncd)");
    synced(-2 * MINUTE_MS);
    assert.equal(look(), "none");
  });

  it("is a battery clock that the kernel set the time from", () => {
    board();
    batteryClock("1");
    assert.equal(look(), "battery clock");
    batteryClock("0");
    assert.equal(look(), "none");
  });

  it("is no battery clock that has lost its time", () => {
    board();
    batteryClock("1", -Date.now());
    assert.equal(look(), "none");
    batteryClock("1", 2 * HOUR_MS);
    assert.equal(look(), "none");
  });

  it("is looked at every five seconds at most", () => {
    board();
    const clock = sinon.useFakeTimers({ toFake: ["performance"] });
    const source = new LinuxClockSource(root);
    assert.equal(source.trust().trusted, false);
    synced(0);
    clock.tick(5 * SECOND_MS);
    assert.equal(source.trust().trusted, false);
    clock.tick(1);
    assert.equal(source.trust().trusted, true);
  });
});
