import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../../../src/adapters/keys/certificate-maker.ts";
import { WebCertificate } from "../../../src/adapters/keys/web-certificate.ts";
import { DAY_MS } from "../../../src/domain/units.ts";
import { FakeTimers } from "../../support/fake-clock.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

describe("the certificate that the box makes", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-certificate-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is made anew a month before it ends, and used at once, but not by a clock that may be wrong", async () => {
    const timers = new FakeTimers();
    const events = new RecordedEvents();
    let time = { trusted: true, nowMs: 1.8e12 };
    const open = () =>
      WebCertificate.open({
        ...{ folder, timers, events, time: () => time, make: makeCertificate },
        names: () => ["kms.office.example", "fd00::1"],
      });
    const { facts } = await open();
    assert.deepEqual(facts.names, ["kms.office.example", "fd00::1"]);
    assert.equal(facts.selfSigned, true);
    const kept = await open();
    assert.equal(kept.facts.fingerprint, facts.fingerprint);
    const used = new Promise((resolve) => kept.start(resolve));
    time = { trusted: false, nowMs: facts.validToMs - 29 * DAY_MS };
    await timers.fire();
    time = { trusted: true, nowMs: facts.validToMs - 31 * DAY_MS };
    await timers.fire();
    assert.deepEqual(events.names, ["certificate-changed"]);
    time = { trusted: true, nowMs: facts.validToMs - 29 * DAY_MS };
    await timers.fire();
    assert.equal(await used, kept.pair);
    kept.stop();
    assert.ok(kept.facts.validToMs > facts.validToMs + 300 * DAY_MS);
    assert.match(events.all.at(-1)?.message ?? "", /as the one that it had ends soon/);
  });
});
