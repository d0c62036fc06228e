import assert from "node:assert/strict";
import { DAY_MS, HOUR_MS } from "../../../src/domain/units.ts";
import { FLEET_DOCUMENT, FleetMemory } from "../../../src/services/insight/fleet-memory.ts";
import { InsightService } from "../../../src/services/insight/insight-service.ts";
import { foresightFaults } from "../../../src/services/insight/panel-foresight.ts";
import { cmidOf, contact } from "../../support/contacts.ts";
import { type InsightRig, insightRig } from "../../support/insight-rig.ts";

/** A machine of the product with the threshold 2 that was last heard of so many days ago. */
function silent({ store, clock }: InsightRig, n: number, days: number): void {
  const lastContactMs = clock.nowMs() - days * DAY_MS;
  store.ledger.put(contact(n, { lastContactMs, leaseExpiresMs: lastContactMs + 180 * DAY_MS }));
}

describe("looking ahead", () => {
  it("knows nothing before it has looked, and then looks every 10 minutes", async () => {
    const rig = await insightRig();
    silent(rig, 1, 24);
    silent(rig, 2, 1);
    silent(rig, 3, 1);
    rig.insight.start();
    assert.deepEqual([rig.insight.latest, rig.insight.outlook], [undefined, undefined]);
    assert.deepEqual(rig.timers.delays, [3000]);
    await rig.look();
    assert.deepEqual(rig.timers.delays, [600_000]);
    const { products, ...totals } = rig.insight.latest ?? {};
    assert.deepEqual(totals, { atMs: rig.clock.nowMs(), overdue: 1, clones: 0 });
    assert.deepEqual(products?.[1], {
      product: "writer",
      name: "Writer",
      application: "office",
      threshold: 2,
      countNow: 3,
      lowest: 2,
      fallsBelowMs: null,
    });
    await rig.insight.stop();
    assert.deepEqual(rig.timers.delays, []);
  });

  it("tells once of a count that falls within 7 days, by log and panel, and again after a change", async () => {
    const rig = await insightRig();
    silent(rig, 1, 22);
    silent(rig, 2, 1);
    rig.insight.start();
    await rig.look();
    const faults = () => foresightFaults(rig.insight.latest, rig.clock.nowMs());
    assert.deepEqual([rig.events.named("forecast-low"), faults()], [[], []]);
    const fallsMs = rig.clock.nowMs() + 8 * DAY_MS;
    assert.equal(rig.insight.latest?.products[1]?.fallsBelowMs, fallsMs);
    assert.deepEqual(rig.insight.outlook?.[1], {
      ...{ application: "office", threshold: 2 },
      lostMs: fallsMs,
    });

    rig.clock.pass(1 * DAY_MS);
    await rig.look();
    await rig.look();
    const [told, ...others] = rig.events.named("forecast-low");
    assert.deepEqual(others, []);
    assert.equal(
      told?.message,
      "Writer falls below its threshold of 2 on 2025-01-14T08:00:00.000Z unless pc-1 ask again or " +
        "new machines come.",
    );
    assert.deepEqual(faults(), [
      {
        level: "attention",
        code: "forecast-low",
        title: "COUNT FALLS",
        nextStep: "below 2 in 7 days: see kms-box forecast",
      },
    ]);

    silent(rig, 1, 0);
    await rig.look();
    assert.deepEqual(faults(), []);
    rig.clock.pass(24 * DAY_MS);
    silent(rig, 2, 0);
    await rig.look();
    assert.equal(rig.events.named("forecast-low").length, 2);
  });

  it("says nothing by a clock that is not trusted", async () => {
    const rig = await insightRig();
    silent(rig, 1, 25);
    silent(rig, 2, 1);
    rig.clock.distrust();
    rig.insight.start();
    await rig.look();
    assert.deepEqual(rig.events.named("forecast-low"), []);
    const told = await rig.insight.forecast({ nobodyReturns: false, without: [] });
    assert.equal(told.clockTrusted, false);
  });

  it("sees clones among those who ask, and tells of each once", async () => {
    const rig = await insightRig();
    const copy = { key: "image", fingerprint: "g".repeat(43) };
    const cmid = await rig.ask("pc-1", { key: "image" });
    rig.clock.pass(HOUR_MS);
    await rig.ask("pc-2", copy);
    rig.insight.start();
    await rig.look();
    rig.clock.pass(HOUR_MS);
    await rig.ask("pc-1", { key: "image" });
    await rig.look();
    assert.deepEqual(
      rig.insight.clones().map((each) => [each.cmid, each.evidence, each.active]),
      [[cmid, "alternation", true]],
    );
    assert.equal(rig.insight.latest?.clones, 1);
    const [told, ...others] = rig.events.named("clone-seen");
    assert.match(
      told?.message ?? "",
      /^2 machines share one CMID and count once: pc-1, pc-2\. Run/,
    );
    assert.deepEqual(others, []);
    const [fault] = foresightFaults(rig.insight.latest, rig.clock.nowMs());
    assert.equal(fault?.nextStep, "several machines share a CMID: see kms-box clones");
  });

  it("explains by the host's own state", async () => {
    const rig = await insightRig();
    await rig.ask("PC-17.office.test");
    const explained = async (name: string, product?: string) =>
      (await rig.insight.explain(name, product)).map(({ state, hostname }) => [state, hostname]);
    assert.deepEqual(await explained("pc-17"), [["count-below-threshold", "PC-17.office.test"]]);
    assert.deepEqual(await explained("pc-17", "Writer"), await explained("pc-17"));
    assert.deepEqual(await explained("pc-17", "server"), [["unknown", "PC-17.office.test"]]);
    assert.deepEqual(await explained("pc-18"), [["unknown", "pc-18"]]);
    rig.recent.push({
      ...{ sequence: 1, timeMs: rig.clock.nowMs(), id: 201, level: "warn" },
      name: "request-refused",
      message: "A request from 192.0.2.1 was refused: Too many: wait.",
      details: { hostname: "PC-18", cmid: cmidOf(18), product: "writer" },
    });
    const [refused] = await rig.insight.explain("pc-18", undefined);
    assert.match(refused?.sentence ?? "", /was refused: Too many: wait\.$/);
    rig.clock.pass(366 * DAY_MS);
    assert.deepEqual(await explained("pc-17"), [["overdue", "PC-17.office.test"]]);
    rig.store.condition = { state: "failed", reason: "The card is gone.", code: "EIO" };
    rig.clock.pass(-366 * DAY_MS);
    assert.deepEqual(await explained("pc-17"), [["storage-failed", "PC-17.office.test"]]);
  });

  it("remembers who was discarded while activated, and explains it until it comes back", async () => {
    const rig = await insightRig();
    const cmid = await rig.ask("pc-1");
    await rig.ask("pc-2");
    await rig.ask("pc-1");
    rig.clock.pass(31 * DAY_MS);
    await rig.activation.discardDue();
    assert.equal(rig.store.ledger.clients, 0);
    const [absent] = (await rig.insight.calendar()).lapses;
    assert.deepEqual([absent?.hostname, absent?.counts], ["pc-2", false]);
    for (const name of ["PC-1", cmid]) {
      assert.equal((await rig.insight.explain(name, undefined))[0]?.state, "discarded");
    }
    await rig.ask("pc-1");
    assert.equal((await rig.insight.explain("pc-1", undefined))[0]?.state, "count-below-threshold");
    assert.equal((await rig.insight.calendar()).total, 1);
  });
});

describe("what the box remembers of its machines", () => {
  it("costs a healthy network no write, and clones one in an hour", async () => {
    const rig = await insightRig();
    const written = () => rig.store.durable.flat().filter(({ op }) => op === "document").length;
    const before = written();
    rig.insight.start();
    await rig.look();
    for (let n = 0; n < 5; n++) await rig.ask("pc-1");
    await rig.look();
    assert.equal(written(), before);
    for (let n = 0; n < 6; n++) {
      await rig.ask(n % 2 === 0 ? "pc-2" : "pc-1", { key: "pc-1" });
      await rig.look();
    }
    assert.equal(written(), before + 1);
    rig.clock.pass(HOUR_MS);
    await rig.look();
    assert.equal(written(), before + 2);
    await rig.look();
    await rig.insight.stop();
    assert.equal(written(), before + 2);
  });

  it("survives a restart, and is begun anew where it is not understood", async () => {
    const rig = await insightRig();
    await rig.ask("pc-1");
    await rig.ask("pc-2", { key: "pc-1" });
    await rig.insight.stop();
    const read = () => new FleetMemory({ store: rig.store, policy: rig.policy, clock: rig.clock });
    assert.deepEqual(read().sightings, rig.memory.sightings);
    assert.equal(read().sightings.length, 1);
    rig.store.documents.set(FLEET_DOCUMENT, { sightings: "none" });
    assert.deepEqual([read().sightings, read().absentees], [[], []]);
  });

  it("keeps a restart from telling again of a falling count and of clones, but for new ones", async () => {
    const rig = await insightRig();
    silent(rig, 1, 29);
    silent(rig, 2, 28);
    const told = () =>
      ["forecast-low", "clone-seen"].map((name) => rig.events.named(name as "clone-seen").length);
    for (let n = 0; n < 4; n++) await rig.ask(n % 2 === 0 ? "a" : "b", { key: "image" });
    rig.insight.start();
    await rig.look();
    assert.deepEqual(told(), [1, 1]);
    await rig.insight.stop();
    const memory = new FleetMemory({ store: rig.store, policy: rig.policy, clock: rig.clock });
    const { store, policy, events, timers, clock: stopwatch } = rig;
    const next = new InsightService({
      ...{ store, policy, events, timers, stopwatch, memory },
      ...{ licences: rig.host.licences, clock: rig.host.hostClock, recentEvents: () => [] },
    });
    next.start();
    await rig.look();
    assert.equal(next.latest?.clones, 1);
    assert.deepEqual(told(), [1, 1]);
    memory.told = { falling: [], clones: [] };
    await rig.look();
    assert.deepEqual(told(), [2, 2]);
    await next.stop();
  });

  it("is tried again where it could not be written, and forgets a CMID", async () => {
    const rig = await insightRig();
    const cmid = await rig.ask("pc-1");
    await rig.ask("pc-2", { key: "pc-1" });
    rig.store.fail();
    await rig.memory.keep(true);
    assert.ok(!rig.store.documents.has(FLEET_DOCUMENT));
    rig.store.recover();
    rig.memory.forget(cmid);
    await rig.memory.keep(true);
    assert.deepEqual(rig.store.documents.get(FLEET_DOCUMENT), {
      ...{ sightings: [], absentees: [] },
      told: { falling: [], clones: [] },
    });
  });
});
