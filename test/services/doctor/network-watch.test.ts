import assert from "node:assert/strict";
import { type Judgement, ok, skipped, warning, wrong } from "../../../src/domain/doctor/finding.ts";
import { judgeUses } from "../../../src/domain/doctor/network-judgements.ts";
import { MINUTE_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { networkFaults } from "../../../src/services/doctor/network-faults.ts";
import { NetworkWatch } from "../../../src/services/doctor/network-watch.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

const GOOD = ok("Good.");
const BAD = wrong("There is no default route.", "Set the gateway.");

function rig() {
  const timers = new VirtualTimers();
  const seen = { route: GOOD as Judgement, looks: 0, changes: 0 };
  const events = new RecordedEvents();
  const watch = new NetworkWatch({
    timers,
    events,
    changed: () => seen.changes++,
    checks: () => [
      {
        id: "route",
        title: "Default route",
        needs: [],
        look: () => {
          seen.looks++;
          return seen.route;
        },
      },
    ],
  });
  return { timers, seen, events, watch };
}

describe("the watch on the network", () => {
  it("looks after half a minute and then every ten minutes", async () => {
    const { timers, seen, watch } = rig();
    watch.start();
    await timers.pass(29 * SECOND_MS);
    assert.equal(seen.looks, 0);
    await timers.pass(SECOND_MS);
    assert.equal(seen.looks, 1);
    await timers.pass(20 * MINUTE_MS);
    assert.equal(seen.looks, 3);
    assert.deepEqual([watch.faults, seen.changes], [[], 0]);
    watch.stop();
    assert.equal(timers.waiting, 0);
  });

  it("looks every minute while something is wrong, and tells of changes once", async () => {
    const { timers, seen, watch } = rig();
    seen.route = BAD;
    watch.start();
    await timers.pass(30 * SECOND_MS + 3 * MINUTE_MS);
    assert.deepEqual([seen.looks, seen.changes], [4, 1]);
    assert.equal(watch.faults[0]?.title, "NO ROUTE");
    seen.route = GOOD;
    await timers.pass(MINUTE_MS);
    assert.deepEqual([watch.faults, seen.changes], [[], 2]);
    watch.stop();
  });

  it("writes into the log what is wrong, once until it changes, and that it is well again", async () => {
    const { timers, seen, events, watch } = rig();
    seen.route = BAD;
    watch.start();
    await timers.pass(30 * SECOND_MS + 2 * MINUTE_MS);
    seen.route = skipped("Not checked because of: Network link.");
    await timers.pass(MINUTE_MS);
    seen.route = BAD;
    await timers.pass(MINUTE_MS + 10 * MINUTE_MS);
    assert.deepEqual(events.names, ["network-failed"]);
    assert.equal(events.all[0]?.message, "There is no default route. Set the gateway.");
    assert.deepEqual(events.all[0]?.details, { check: "route" });
    seen.route = wrong("No route leads to the name server.", "Set the gateway.");
    await timers.pass(MINUTE_MS);
    seen.route = GOOD;
    await timers.pass(MINUTE_MS + 10 * MINUTE_MS);
    assert.deepEqual(events.names, ["network-failed", "network-failed", "network-recovered"]);
    assert.equal(events.all[2]?.message, "Default route: Good.");
    watch.stop();
  });

  it("does not go on after a stop in the middle of a look", async () => {
    const { timers, seen, watch } = rig();
    watch.start();
    seen.route = BAD;
    const look = timers.pass(30 * SECOND_MS);
    watch.stop();
    await look;
    assert.deepEqual([watch.faults, timers.waiting], [[], 0]);
  });
});

describe("the network's faults on the panel", () => {
  const of = (id: string, judgement: Judgement) =>
    networkFaults([{ id, title: "T", ...judgement }]);

  it("are in words that fit", () => {
    for (const id of ["address", "address-use", "route", "name-servers"]) {
      const [fault] = of(id, BAD);
      assert.ok(fault);
      assert.ok(fault.title.length <= 20 && fault.title === fault.title.toUpperCase());
      assert.ok(fault.title.split(" ").every((word) => word.length <= 9));
      assert.ok(fault.nextStep.length <= 60, fault.nextStep);
    }
  });

  it("tell of another machine with the same address, and nothing while nobody may ask", () => {
    const other = judgeUses([{ address: "10.0.0.5", use: { by: "another", hardware: null } }]);
    assert.deepEqual(of("address-use", other), [
      {
        level: "fault",
        code: "duplicate-address",
        title: "DUPLICATE ADDRESS",
        nextStep: "give this box or the other machine another one",
      },
    ]);
    for (const why of ["not-installed", "not-permitted", "failed"] as const) {
      const unknown = judgeUses([{ address: "10.0.0.5", use: { by: "unknown", why } }]);
      assert.deepEqual(of("address-use", unknown), []);
    }
  });

  it("are told the gravest first", () => {
    const findings = ["route", "address-use"].map((id) => ({ id, title: "T", ...BAD }));
    assert.deepEqual(
      networkFaults(findings).map(({ level }) => level),
      ["fault", "attention"],
    );
  });

  it("are none for a link that is down, as that has one already, and none for warnings", () => {
    assert.deepEqual(of("link", BAD), []);
    assert.deepEqual(of("route", warning("So so.", "Look.")), []);
  });
});
