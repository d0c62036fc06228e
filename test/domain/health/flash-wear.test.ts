import assert from "node:assert/strict";
import { flashWear, type WearFacts } from "../../../src/domain/health/flash-wear.ts";
import { DAY_MS, HOUR_MS } from "../../../src/domain/units.ts";

const NOW_MS = Date.UTC(2030, 0, 11);
const FACTS: WearFacts = {
  sinceBootBytes: 30e6,
  uptimeMs: 12 * HOUR_MS,
  lifetimeBytes: 5e9,
  baseline: { fileSystem: "mmcblk0p2", lifetimeBytes: 4e9, atMs: NOW_MS - 10 * DAY_MS },
  nowMs: NOW_MS,
  enduranceBytes: 105e9,
};

describe("the wear of the flash", () => {
  it("is what was written since start and installation, and by the day", () => {
    assert.deepEqual(flashWear(FACTS), {
      sinceBootBytes: 30e6,
      sinceBootDaily: 60e6,
      sinceInstallBytes: 1e9,
      sinceInstallDaily: 100e6,
      lifetimeBytes: 5e9,
      enduranceBytes: 105e9,
      leftMs: 1000 * DAY_MS,
    });
  });

  it("has no pace in the first hour", () => {
    const young = { ...FACTS, uptimeMs: HOUR_MS - 1, nowMs: (FACTS.baseline?.atMs ?? 0) + 1 };
    const { sinceBootDaily, sinceInstallDaily, leftMs } = flashWear(young);
    assert.deepEqual([sinceBootDaily, sinceInstallDaily, leftMs], [null, null, null]);
  });

  it("goes by the pace since the start until the box is there for a day", () => {
    const atMs = NOW_MS - DAY_MS + 1;
    const baseline = { fileSystem: "x", lifetimeBytes: 4e9, atMs };
    assert.equal(flashWear({ ...FACTS, baseline }).leftMs, (100e9 / 60e6) * DAY_MS);
    const day = { ...baseline, atMs: atMs - 1 };
    assert.equal(flashWear({ ...FACTS, baseline: day }).leftMs, 100 * DAY_MS);
  });

  it("is unknown where the kernel does not count", () => {
    const unknown = { sinceBootBytes: null, lifetimeBytes: null, baseline: null };
    const { leftMs, ...rest } = flashWear({ ...FACTS, ...unknown });
    assert.equal(leftMs, null);
    assert.equal(rest.sinceInstallBytes, null);
  });

  it("is at its end once all was written that is stated", () => {
    assert.equal(flashWear({ ...FACTS, enduranceBytes: 5e9 }).leftMs, 0);
    assert.equal(flashWear({ ...FACTS, enduranceBytes: 4e9 }).leftMs, 0);
    assert.equal(flashWear({ ...FACTS, enduranceBytes: null }).leftMs, null);
  });
});
