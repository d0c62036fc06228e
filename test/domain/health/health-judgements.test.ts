import assert from "node:assert/strict";
import type { FlashWear } from "../../../src/domain/health/flash-wear.ts";
import {
  judgeFileSystem,
  judgeLastStart,
  judgePower,
  judgeTemperature,
  judgeWear,
} from "../../../src/domain/health/health-judgements.ts";
import { DAY_MS, HOUR_MS } from "../../../src/domain/units.ts";

const WEAR: FlashWear = {
  sinceBootBytes: 1e6,
  sinceBootDaily: 60e6,
  sinceInstallBytes: 1e9,
  sinceInstallDaily: 100e6,
  lifetimeBytes: 5e9,
  enduranceBytes: 30e12,
  leftMs: 800 * DAY_MS,
};

describe("the judgement of the machine", () => {
  it("tells how long the flash lasts, and warns a year before", () => {
    assert.deepEqual(judgeWear(WEAR), {
      result: "ok",
      evidence:
        "100 MB a day are written; 5.0 GB were so far; 30 TB are stated for it, which is enough " +
        "for 2 years more.",
      nextStep: null,
    });
    const short = judgeWear({ ...WEAR, leftMs: 364 * DAY_MS });
    assert.equal(short.result, "warning");
    assert.match(short.evidence, /enough for 364 days more\.$/);
    assert.match(short.nextStep ?? "", /new card/);
    assert.equal(judgeWear({ ...WEAR, lifetimeBytes: 30e12, leftMs: 0 }).result, "wrong");
  });

  it("tells what is written where no endurance is stated, or no pace known", () => {
    const unstated = { ...WEAR, enduranceBytes: null, leftMs: null };
    const { result, evidence, nextStep } = judgeWear(unstated);
    assert.equal(
      evidence,
      "100 MB a day are written; 5.0 GB were so far; how long the card lasts cannot be told.",
    );
    assert.equal(result, "skipped");
    assert.match(nextStep ?? "", /^Set flash\.enduranceTerabytes/);
    const slow = { ...WEAR, sinceBootDaily: null, sinceInstallDaily: null, leftMs: null };
    assert.equal(judgeWear(slow).evidence, "5.0 GB were so far; 30 TB are stated for it.");
    assert.equal(judgeWear({ ...slow, lifetimeBytes: null }).result, "skipped");
  });

  it("warns of writes that no card takes for long, also where no endurance is stated", () => {
    const busy = { ...WEAR, sinceInstallDaily: 248e9, enduranceBytes: null, leftMs: null };
    const { result, evidence, nextStep } = judgeWear(busy);
    assert.equal(result, "warning");
    assert.match(evidence, /^248 GB a day are written; .* Few cards last long with that\.$/);
    assert.match(nextStep ?? "", /^Find the program that writes so much/);
    assert.equal(judgeWear({ ...busy, sinceInstallDaily: 9e9 }).result, "skipped");
  });

  it("finds errors of the file system, and one that is read-only", () => {
    assert.equal(judgeFileSystem(0, false).result, "ok");
    assert.equal(judgeFileSystem(null, null).result, "skipped");
    assert.match(judgeFileSystem(1, false).evidence, /has found 1 error\.$/);
    assert.equal(judgeFileSystem(2, null).result, "wrong");
    assert.equal(judgeFileSystem(0, true).result, "wrong");
  });

  it("finds a supply voltage that is too low, now or before", () => {
    assert.equal(judgePower(null, null).result, "skipped");
    assert.equal(judgePower(false, null).result, "ok");
    assert.equal(judgePower(true, 0).result, "wrong");
    assert.match(judgePower(false, HOUR_MS).evidence, /within the last 1 h\.$/);
    assert.match(judgePower(false, 9 * DAY_MS).evidence, /within the last 9 days\.$/);
  });

  it("warns of heat from 80 °C", () => {
    assert.equal(judgeTemperature(null).result, "skipped");
    assert.equal(judgeTemperature(79.9).result, "ok");
    assert.equal(judgeTemperature(80).result, "warning");
  });

  it("warns of a start that nobody asked for", () => {
    for (const reason of [
      "crash",
      "crash or power cut",
      "power cut",
      "watchdog",
      "out of memory",
    ]) {
      assert.equal(judgeLastStart(reason).result, "warning", reason);
    }
    for (const reason of ["first start", "upgrade", "restart by button", "machine restart"]) {
      assert.equal(judgeLastStart(reason).result, "ok", reason);
    }
  });
});
