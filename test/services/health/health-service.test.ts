import assert from "node:assert/strict";
import { DAY_MS, MINUTE_MS } from "../../../src/domain/units.ts";
import type { StorageFacts } from "../../../src/ports/health.ts";
import { FakeTimers, settled } from "../../support/fake-clock.ts";
import { FakeProbe, healthOf, WELL } from "../../support/fake-health.ts";
import { type TestHost, testHost } from "../../support/host.ts";

describe("the machine's health", () => {
  let host: TestHost;
  let probe: FakeProbe;
  let timers: FakeTimers;
  beforeEach(async () => {
    host = await testHost();
    probe = new FakeProbe();
    timers = new FakeTimers();
  });

  const see = (storage: Partial<StorageFacts>) => {
    probe.facts = { ...probe.facts, storage: { ...probe.facts.storage, ...storage } };
  };
  const begin = async () => {
    const health = healthOf(host, probe, { timers });
    health.start();
    await settled();
    return health;
  };
  const results = async (options = {}) => {
    const { findings } = (await healthOf(host, probe, options).examine()).diagnosis;
    return Object.fromEntries(findings.map(({ id, result }) => [id, result]));
  };
  const kept = () =>
    host.store.durable.flat().filter((each) => "name" in each && each.name === "flash");

  it("is good where nothing is wrong", async () => {
    const ok = "ok";
    assert.deepEqual(await results(), {
      storage: ok,
      "file-system": ok,
      wear: "skipped",
      power: ok,
      temperature: ok,
      "last-start": ok,
    });
  });

  it("is told part by part where something is wrong", async () => {
    see({ errors: 3 });
    probe.facts = { ...probe.facts, lowVoltage: true, temperatureCelsius: 81, freeBytes: 5e6 };
    host.store.condition = { state: "failed", reason: "the card is gone", code: "EIO" };
    const enduranceTerabytes = 1;
    see({ lifetimeBytes: 1e12 });
    assert.deepEqual(await results({ lastStart: "watchdog", enduranceTerabytes }), {
      storage: "wrong",
      "file-system": "wrong",
      wear: "wrong",
      power: "wrong",
      temperature: "warning",
      "last-start": "warning",
    });
  });

  it("counts what is written from the installation on, with one write for it", async () => {
    const health = await begin();
    assert.deepEqual(kept().length, 1);
    host.clock.pass(4 * DAY_MS);
    see({ lifetimeBytes: 4.4e9 });
    await timers.fire();
    assert.equal(kept().length, 1);
    const { wear } = await health.examine(30);
    assert.equal(wear.sinceInstallBytes, 0.4e9);
    assert.equal(wear.sinceInstallDaily, 0.1e9);
    assert.equal(wear.enduranceBytes, 30e12);
    const again = await healthOf(host, probe).examine();
    assert.equal(again.wear.sinceInstallBytes, 0.4e9);
    await health.stop();
  });

  it("counts anew on another card", async () => {
    await (await begin()).stop();
    see({ lifetimeBytes: 1e9 });
    const health = await begin();
    host.clock.pass(DAY_MS);
    see({ lifetimeBytes: 1.1e9 });
    assert.equal((await health.examine()).wear.sinceInstallBytes, 0.1e9);
    await health.stop();
  });

  it("waits with counting until the time is known", async () => {
    host.clock.distrust();
    const health = await begin();
    assert.deepEqual(kept(), []);
    host.clock.trustAgain();
    await timers.fire();
    assert.equal(kept().length, 1);
    await health.stop();
  });

  it("keeps nothing where the file system does not count, or cannot be written", async () => {
    see({ lifetimeBytes: null });
    await (await begin()).stop();
    see({ lifetimeBytes: 1 });
    host.store.fail();
    await (await begin()).stop();
    assert.deepEqual(kept(), []);
  });

  it("tells of low voltage and of new errors, once each", async () => {
    const health = await begin();
    assert.deepEqual(timers.delays, [MINUTE_MS]);
    const round = async () => {
      host.clock.pass(MINUTE_MS);
      await timers.fire();
    };
    probe.facts = { ...probe.facts, lowVoltage: true };
    see({ errors: 1 });
    await round();
    await round();
    see({ errors: 2 });
    await round();
    assert.deepEqual(host.events.names, [
      "voltage-low",
      "file-system-errors",
      "file-system-errors",
    ]);
    probe.facts = { ...WELL };
    await round();
    const { diagnosis } = await health.examine();
    const power = diagnosis.findings.find(({ id }) => id === "power");
    assert.deepEqual(power?.result, "warning");
    assert.equal(health.latest?.lowVoltage, false);
    await health.stop();
    assert.deepEqual(timers.delays, []);
  });
});
