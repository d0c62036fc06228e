import assert from "node:assert/strict";
import { type Judgement, ok, warning, wrong } from "../../../src/domain/doctor/finding.ts";
import { MINUTE_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { networkFaults } from "../../../src/services/doctor/network-faults.ts";
import { NetworkWatch } from "../../../src/services/doctor/network-watch.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

const GOOD = ok("Good.");
const BAD = wrong("There is no default route.", "Set the gateway.");

function rig() {
  const timers = new VirtualTimers();
  const seen = { route: GOOD as Judgement, looks: 0, changes: 0 };
  const watch = new NetworkWatch({
    timers,
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
  return { timers, seen, watch };
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
    for (const id of ["address", "route", "name-servers"]) {
      const [fault] = of(id, BAD);
      assert.ok(fault);
      assert.ok(fault.title.length <= 20 && fault.title === fault.title.toUpperCase());
      assert.ok(fault.title.split(" ").every((word) => word.length <= 9));
      assert.ok(fault.nextStep.length <= 60, fault.nextStep);
    }
  });

  it("are none for a link that is down, as that has one already, and none for warnings", () => {
    assert.deepEqual(of("link", BAD), []);
    assert.deepEqual(of("route", warning("So so.", "Look.")), []);
  });
});
