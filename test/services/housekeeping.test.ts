import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { Housekeeping } from "../../src/services/housekeeping.ts";
import { FakeTimers } from "../support/fake-clock.ts";
import { SERVER, type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

describe("housekeeping", () => {
  let host: TestHost;
  let timers: FakeTimers;
  let housekeeping: Housekeeping;
  beforeEach(async () => {
    host = await testHost();
    timers = new FakeTimers();
    const { hostClock: clock, licences, activation, events } = host;
    housekeeping = new Housekeeping({ clock, timers, licences, activation, events });
  });
  afterEach(() => housekeeping.stop());

  const later = async (ms: number) => {
    host.clock.pass(ms);
    await timers.fire();
  };

  it("discards what fell due while the host was off before it has started", async () => {
    await host.activation
      .activate(await host.request(signerOf("a")), "192.0.2.1")
      .catch(() => undefined);
    host.clock.pass(30 * DAY_MS);
    await housekeeping.start();
    assert.equal(host.store.ledger.size, 0);
  });

  it("looks every minute", async () => {
    await housekeeping.start();
    assert.deepEqual(timers.delays, [MINUTE_MS]);
    await later(MINUTE_MS);
    assert.deepEqual(timers.delays, [MINUTE_MS]);
  });

  it("does nothing any more once stopped", async () => {
    await housekeeping.start();
    await housekeeping.stop();
    assert.deepEqual(timers.delays, []);
  });

  it("waits with stopping until the round under way is done", async () => {
    await housekeeping.start();
    host.store.hold();
    await later(2 * HOUR_MS);
    let stopped = false;
    const stop = housekeeping.stop().then(() => {
      stopped = true;
    });
    await timers.fire();
    assert.equal(stopped, false);
    host.store.release();
    await stop;
  });

  it("keeps the time on flash once an hour, not oftener", async () => {
    await housekeeping.start();
    const marks = () => host.store.durable.flat().filter(({ op }) => op === "time").length;
    assert.equal(host.store.timeMarkMs, host.clock.nowMs());
    assert.equal(marks(), 1);
    for (let minute = 1; minute < 60; minute++) await later(MINUTE_MS);
    assert.equal(marks(), 1);
    await later(MINUTE_MS);
    assert.equal(marks(), 2);
    assert.equal(host.store.timeMarkMs, host.clock.nowMs());
  });

  it("tells when trust in the clock comes and goes, once each", async () => {
    host.clock.distrust("no NTP");
    await housekeeping.start();
    await later(MINUTE_MS);
    host.clock.trustAgain();
    await later(MINUTE_MS);
    await later(MINUTE_MS);
    host.clock.distrust("NTP is gone");
    await later(MINUTE_MS);
    assert.deepEqual(host.events.names, ["clock-untrusted", "clock-trusted", "clock-untrusted"]);
    assert.match(host.events.all[0]?.message ?? "", /until the time is known: no NTP$/);
  });

  it("keeps no time while it is not trusted", async () => {
    host.clock.distrust();
    await housekeeping.start();
    assert.equal(host.store.timeMarkMs, 0);
  });

  it("goes on after the flash failed", async () => {
    host.store.fail();
    await housekeeping.start();
    host.store.recover();
    await later(MINUTE_MS);
    assert.equal(host.store.timeMarkMs, host.clock.nowMs());
  });

  it("tells once a day that a licence expires within 30 days, and that it has", async () => {
    await housekeeping.start();
    await later(335 * DAY_MS - 1);
    const licences = () => host.events.names.filter((name) => name.startsWith("licence-"));
    assert.deepEqual(licences(), []);
    await later(1);
    await later(HOUR_MS);
    assert.deepEqual(licences(), ["licence-expiring"]);
    await later(23 * HOUR_MS);
    assert.deepEqual(licences(), ["licence-expiring", "licence-expiring"]);
    await later(29 * DAY_MS);
    await later(DAY_MS);
    assert.deepEqual(licences().at(-1), "licence-expired");
    const [expired] = host.events.named("licence-expired");
    assert.match(expired?.message ?? "", /"Example Vendor" expired on 2026-01-06T08:00:00.000Z/);
  });

  it("tells nothing of a licence that another has taken the place of", async () => {
    const nowSec = host.clock.nowMs() / 1000;
    await host.grant(signerOf("vendor"), {
      iat: nowSec + 1,
      exp: nowSec + 3 * 365 * 86_400,
      products: [WRITER, SERVER],
      jti: "M".repeat(22),
    });
    await housekeeping.start();
    await later(364 * DAY_MS);
    await later(DAY_MS);
    assert.deepEqual(host.events.named("licence-expiring"), []);
    assert.deepEqual(host.events.named("licence-expired"), []);
  });
});
