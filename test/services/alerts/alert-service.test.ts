import assert from "node:assert/strict";
import { MOST_QUEUED } from "../../../src/domain/alerts/delivery-queue.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { ALERTS_DOCUMENT } from "../../../src/services/alerts/alert-document.ts";
import { ALL_WELL, AlertsRig, FakeTarget } from "../../support/alerts-rig.ts";
import { settled } from "../../support/fake-clock.ts";

const LOW = { ...ALL_WELL, lowVoltage: true };
const WRITER = { id: "writer", name: "Writer", threshold: 5, reached: false, fallsMs: null };

describe("the service of alerts", () => {
  let target: FakeTarget;
  let rig: AlertsRig;
  beforeEach(() => {
    target = new FakeTarget();
    rig = new AlertsRig([target]);
  });
  afterEach(() => rig.service.stop());

  it("tells what goes wrong and that it is over, once each, and logs it", async () => {
    rig.service.start();
    rig.facts = LOW;
    await rig.pass(2 * MINUTE_MS);
    assert.deepEqual(target.told, ["raised voltage-low"]);
    rig.facts = ALL_WELL;
    await rig.pass(2 * HOUR_MS);
    assert.deepEqual(target.told, ["raised voltage-low", "resolved voltage-low"]);
    assert.deepEqual(rig.events.names, ["alert-sent", "alert-sent"]);
    assert.equal(rig.service.queued, 0);
  });

  it("tells of a count that was lost only if it was reached, and that it is regained", async () => {
    const counted = (count: number) => ({ ...ALL_WELL, products: [{ ...WRITER, count }] });
    rig.facts = counted(4);
    rig.service.start();
    await rig.pass(HOUR_MS);
    assert.deepEqual(target.told, []);
    rig.facts = counted(9);
    await rig.pass(MINUTE_MS);
    rig.facts = counted(4);
    await rig.pass(2 * MINUTE_MS);
    assert.deepEqual(target.told, ["raised threshold-lost:writer"]);
    rig.facts = counted(9);
    await rig.pass(2 * MINUTE_MS);
    assert.equal(target.got.at(-1)?.sentence, "Writer is activated again.");
  });

  it("knows after a power cut what was reached and what was told", async () => {
    const counted = (count: number) => ({ ...ALL_WELL, products: [{ ...WRITER, count }] });
    rig.facts = counted(9);
    rig.service.start();
    await rig.pass(MINUTE_MS);
    rig.restart();
    rig.facts = counted(4);
    await rig.pass(2 * MINUTE_MS);
    assert.deepEqual(target.told, ["raised threshold-lost:writer"]);
    rig.restart();
    await rig.pass(HOUR_MS);
    assert.deepEqual(target.told, ["raised threshold-lost:writer"]);
    rig.facts = counted(9);
    await rig.pass(2 * MINUTE_MS);
    assert.equal(target.told.length, 2);
  });

  it("has it on flash before it is sent, and sends it after a power cut", async () => {
    target.patience = new Promise(() => undefined);
    rig.facts = LOW;
    rig.service.start();
    await rig.pass(2 * MINUTE_MS);
    assert.equal(target.tries, 1);
    assert.deepEqual(target.told, []);
    target.patience = undefined;
    rig.restart();
    await rig.pass(MINUTE_MS);
    assert.deepEqual(target.told, ["raised voltage-low"]);
    assert.equal(rig.service.queued, 0);
    assert.equal(rig.service.raised.length, 1);
  });

  it("tries again ever more seldom while a target is away, and tells the log once", async () => {
    target.fail();
    rig.facts = LOW;
    rig.service.start();
    await rig.pass(MINUTE_MS + 5 * SECOND_MS);
    assert.equal(target.tries, 1);
    await rig.pass(10 * SECOND_MS);
    assert.equal(target.tries, 2);
    await rig.pass(10 * SECOND_MS);
    assert.equal(target.tries, 2);
    await rig.pass(5 * SECOND_MS);
    assert.equal(target.tries, 3);
    await rig.pass(4 * HOUR_MS);
    assert.ok(target.tries > 9 && target.tries < 14, String(target.tries));
    assert.equal(rig.events.named("alert-failed").length, 1);
    const [report] = rig.service.targets;
    assert.equal(report?.waiting, 1);
    assert.equal(report?.failure?.code, "unreachable");
    assert.ok((report?.retryInMs ?? 0) > 0);
    target.failure = undefined;
    await rig.pass(HOUR_MS);
    assert.deepEqual(target.told, ["raised voltage-low"]);
    assert.equal(rig.service.targets[0]?.failure, undefined);
  });

  it("gives up after three days, and says so", async () => {
    target.fail();
    rig.facts = LOW;
    rig.service.start();
    await rig.pass(2 * MINUTE_MS);
    rig.clock.step(3 * DAY_MS);
    await rig.pass(10 * SECOND_MS);
    const [dropped] = rig.events.named("alert-dropped");
    assert.equal(dropped?.details.news, "raised");
    assert.match(dropped?.message ?? "", /three days/);
  });

  it("does not try again what is refused for good", async () => {
    target.fail("refused-for-good");
    rig.facts = LOW;
    rig.service.start();
    await rig.pass(HOUR_MS);
    assert.equal(target.tries, 1);
    assert.equal(rig.service.queued, 0);
    assert.equal(rig.events.named("alert-failed").length, 1);
  });

  it("drops the oldest where too many wait, and says so", async () => {
    const well = new FakeTarget("webhook:2");
    rig = new AlertsRig([target, well]);
    target.fail();
    rig.service.start();
    const licences = Array.from({ length: MOST_QUEUED + 7 }, (_, at) => ({
      id: `${at}`,
      vendor: "Acme",
      endsMs: 0,
    }));
    rig.facts = { ...ALL_WELL, licences };
    await rig.pass(2 * MINUTE_MS);
    assert.equal(rig.service.queued, MOST_QUEUED);
    assert.equal(rig.events.named("alert-dropped").length, 7);
    assert.equal(well.got.length, MOST_QUEUED);
  });

  it("lets a slow target delay no other", async () => {
    const well = new FakeTarget("webhook:2");
    rig = new AlertsRig([target, well]);
    target.patience = new Promise(() => undefined);
    rig.facts = LOW;
    rig.service.start();
    await rig.pass(2 * MINUTE_MS);
    assert.deepEqual(well.told, ["raised voltage-low"]);
    assert.deepEqual(target.told, []);
  });

  it("tells each target the kinds that it wants", async () => {
    const other = new FakeTarget("webhook:2");
    other.kinds = ["dns-lost"];
    rig = new AlertsRig([target, other]);
    rig.facts = LOW;
    rig.service.start();
    await rig.pass(2 * MINUTE_MS);
    assert.deepEqual([target.told.length, other.told.length], [1, 0]);
  });

  it("gathers several alerts of a minute where a target wants that", async () => {
    target.gatherMs = MINUTE_MS;
    target.mostAtOnce = 50;
    const licence = (id: string) => ({ id, vendor: "Acme", endsMs: 0 });
    rig.service.start();
    rig.facts = { ...ALL_WELL, licences: [licence("a")] };
    await rig.pass(30 * SECOND_MS);
    rig.facts = { ...ALL_WELL, licences: [licence("a"), licence("b")] };
    await rig.pass(90 * SECOND_MS);
    assert.deepEqual(target.batches, []);
    await rig.pass(10 * SECOND_MS);
    assert.deepEqual(target.batches, [2]);
  });

  it("tells that flash cannot be written, although it cannot be kept", async () => {
    rig.service.start();
    await rig.pass(10 * SECOND_MS);
    rig.store.fail();
    rig.facts = { ...ALL_WELL, storageFailure: "the card is gone" };
    await rig.pass(MINUTE_MS);
    assert.deepEqual(target.told, ["raised storage-failed"]);
    rig.store.recover();
    await rig.pass(10 * SECOND_MS);
    assert.match(JSON.stringify(rig.store.documents.get(ALERTS_DOCUMENT)), /storage-failed/);
  });

  it("writes nothing while nothing changes", async () => {
    rig.facts = { ...LOW, products: [{ ...WRITER, count: 9 }] };
    rig.service.start();
    await rig.pass(2 * MINUTE_MS);
    const before = rig.store.durable.length;
    await rig.pass(12 * HOUR_MS);
    assert.equal(rig.store.durable.length, before);
  });

  it("begins anew where what is on flash is no such record", async () => {
    rig.store.documents.set(ALERTS_DOCUMENT, { raised: "all of them" });
    rig.restart();
    await rig.pass(MINUTE_MS);
    assert.deepEqual(rig.service.raised, []);
  });

  it("tests every target at once, and tells what became of each", async () => {
    const away = new FakeTarget("webhook:2");
    away.fail("timeout");
    rig = new AlertsRig([target, away]);
    const results = await rig.service.test();
    assert.deepEqual(
      results.map(({ target: { label }, said, failure }) => [label, said, failure?.code]),
      [
        ["webhook:1", "status 200", undefined],
        ["webhook:2", null, "timeout"],
      ],
    );
    assert.deepEqual(target.told, ["test test"]);
  });

  it("stops at once while a target keeps it waiting", async () => {
    target.patience = new Promise(() => undefined);
    rig.facts = LOW;
    rig.service.start();
    await rig.pass(2 * MINUTE_MS);
    await rig.service.stop();
    await settled();
    assert.equal(rig.timers.waiting, 0);
    assert.equal(rig.service.queued, 1);
  });
});
