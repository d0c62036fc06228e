import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { HostClock } from "../../src/services/host-clock.ts";
import { START_MS } from "../support/fake-clock.ts";
import { type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

const YEAR_2040_MS = Date.UTC(2040, 0, 1);

describe("the administrator's word for the clock", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost({ products: [{ ...WRITER, threshold: 1 }] });
  });

  const ask = async (client: string) =>
    host.activation.activate(await host.request(signerOf(client)), "192.0.2.1");
  const restart = (bootId: string) => {
    const { clock, store, events } = host;
    return new HostClock({ clock, sources: clock, store, events, bootId }).read().trusted;
  };

  it("lets a host without any source activate, until the machine is started again", async () => {
    host.clock.distrust();
    await assert.rejects(ask("a"), { code: "clock-untrusted" });
    const { time } = await host.clockDesk.trust(false);
    assert.ok(time.trusted);
    await ask("a");
    assert.deepEqual(host.events.named("clock-confirmed").length, 1);
    host.clock.pass(HOUR_MS);
    assert.equal(restart("boot-1"), true);
    assert.equal(restart("boot-2"), false);
  });

  it("is not taken for a time at which no box can have run", async () => {
    host.clock.wallMs = 0;
    await assert.rejects(host.clockDesk.trust(true), { code: "clock-implausible" });
    await assert.rejects(host.clockDesk.set(1, true), { code: "clock-implausible" });
    assert.equal(host.clock.wallMs, 0);
  });

  it("must be given with --yes for a time behind the mark, or far ahead", async () => {
    await ask("a");
    host.clock.step(-2 * MINUTE_MS);
    await assert.rejects(host.clockDesk.trust(false), { code: "clock-needs-yes" });
    host.clock.wallMs = START_MS + 2 * DAY_MS;
    await assert.rejects(host.clockDesk.trust(false), { code: "clock-needs-yes" });
    await assert.rejects(host.clockDesk.set(YEAR_2040_MS, false), { code: "clock-needs-yes" });
    assert.equal(host.store.timeMarkMs, START_MS);
    assert.equal(host.clock.wallMs, START_MS + 2 * DAY_MS);
  });

  it("discards nobody before it is given, and everybody who is due then", async () => {
    await ask("a");
    host.clock.step(YEAR_2040_MS - START_MS);
    await host.activation.discardDue();
    assert.equal(host.store.ledger.count("office"), 1);
    await host.clockDesk.trust(true);
    await host.activation.discardDue();
    assert.equal(host.store.ledger.count("office"), 0);
  });

  it("lowers a mark that was wrong, and brings back what was recorded under it", async () => {
    await ask("early");
    host.clock.pass(300 * DAY_MS);
    await ask("late");
    host.clock.wallMs = START_MS + DAY_MS;
    assert.equal(host.hostClock.read().trusted, false);
    const { markMs, time } = await host.clockDesk.trust(true);
    assert.deepEqual([markMs, time.trusted], [START_MS + DAY_MS, true]);
    const [told] = host.events.named("clock-mark-lowered");
    assert.equal(told?.details.corrected, 1);
    assert.equal(host.store.ledger.newestContact?.lastContactMs, START_MS + DAY_MS);

    // A client whose clock is right is no replay of what it sent when it was wrong as well.
    host.clock.pass(DAY_MS);
    await ask("late");
    host.clock.pass(30 * DAY_MS);
    await host.activation.discardDue();
    assert.equal(host.store.ledger.clients, 0, "nobody counts for longer than the retention");
  });

  it("holds for the time it was given at, and not for another", async () => {
    host.clock.distrust();
    await host.clockDesk.trust(false);
    host.clock.step(40 * DAY_MS);
    assert.equal(host.hostClock.read().trusted, false);
  });

  it("goes with setting the clock", async () => {
    host.clock.distrust();
    const timeMs = START_MS + 5 * HOUR_MS;
    const { time, lastStep } = await host.clockDesk.set(timeMs, false);
    assert.deepEqual([time.trusted, time.nowMs], [true, timeMs]);
    assert.equal(lastStep?.toMs, timeMs);
  });

  it("changes nothing if it cannot be stored", async () => {
    host.clock.distrust();
    host.store.fail();
    await assert.rejects(host.clockDesk.trust(false), { code: "storage-failed" });
    assert.equal(host.hostClock.read().trusted, false);
    assert.deepEqual(host.events.named("clock-confirmed"), []);
  });
});
