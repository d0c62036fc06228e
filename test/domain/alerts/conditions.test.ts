import assert from "node:assert/strict";
import { ALERT_KIND_NAMES } from "../../../src/domain/alerts/alert.ts";
import { type AlertFacts, observe } from "../../../src/domain/alerts/conditions.ts";
import type { WatchedProduct } from "../../../src/domain/alerts/product-conditions.ts";
import { DAY_MS } from "../../../src/domain/units.ts";
import { ALL_WELL } from "../../support/alerts-rig.ts";
import { registration } from "../../support/dns-registrations.ts";

const WRITER: WatchedProduct = {
  id: "writer",
  name: "Writer",
  count: 40,
  threshold: 25,
  reached: true,
  fallsMs: null,
};
const failed = { state: "failed", code: "no-zone", reason: "No zone.", sinceMs: 0, retryMs: 0 };
const domain = (state: object) =>
  [{ registration: registration(), server: null, rivals: [], state }] as AlertFacts["dns"];

const seen = (facts: Partial<AlertFacts>) => observe({ ...ALL_WELL, ...facts });
const keys = (facts: Partial<AlertFacts>) => seen(facts).conditions.map(({ key }) => key);
const product = (given: Partial<WatchedProduct>) => keys({ products: [{ ...WRITER, ...given }] });

describe("what alerts are about", () => {
  it("is nothing on a box that is well", () => {
    assert.deepEqual(seen({ products: [WRITER] }), { conditions: [], unjudged: new Set() });
  });

  it("is a count near its threshold, by the margin or by the forecast of a week", () => {
    assert.deepEqual(product({ count: 28 }), []);
    assert.deepEqual(product({ count: 27 }), ["threshold-near:writer"]);
    assert.deepEqual(product({ count: 25 }), ["threshold-near:writer"]);
    assert.deepEqual(product({ fallsMs: 7 * DAY_MS }), ["threshold-near:writer"]);
    assert.deepEqual(product({ fallsMs: 7 * DAY_MS + 1 }), []);
  });

  it("is a count below its threshold, of what was activated once", () => {
    assert.deepEqual(product({ count: 24 }), ["threshold-lost:writer"]);
    assert.deepEqual(product({ count: 24, reached: false }), []);
  });

  it("is the end of a licence, in three stages, and its having ended", () => {
    const at = (leftMs: number) =>
      seen({ licences: [{ id: "L", vendor: "Acme", endsMs: leftMs }] }).conditions.map(
        ({ key, stage, severity, sentence }) => [key, stage, severity, sentence],
      );
    const ends = (days: string) => `A licence of Acme ends within ${days}.`;
    assert.deepEqual(at(30 * DAY_MS + 1), []);
    assert.deepEqual(at(30 * DAY_MS), [["licence-expiring:L", 1, "info", ends("30 days")]]);
    assert.deepEqual(at(7 * DAY_MS), [["licence-expiring:L", 2, "warning", ends("7 days")]]);
    assert.deepEqual(at(DAY_MS), [["licence-expiring:L", 3, "critical", ends("1 day")]]);
    const [[key] = []] = at(0);
    assert.equal(key, "licence-expired:L");
  });

  it("is a domain that does not lead to the box; one not tried yet is not judged", () => {
    assert.deepEqual(keys({ dns: domain(failed) }), ["dns-lost:office.test"]);
    assert.deepEqual(keys({ dns: domain({ state: "foreign", sinceMs: 0 }) }), [
      "dns-lost:office.test",
    ]);
    assert.deepEqual(keys({ dns: domain({ state: "withdrawn", sinceMs: 0 }) }), []);
    const { conditions, unjudged } = seen({ dns: domain({ state: "pending" }) });
    assert.deepEqual([conditions, [...unjudged]], [[], ["dns-lost:office.test"]]);
  });

  it("is a clock that is not trusted; then counts and licences are not judged", () => {
    const { conditions, unjudged } = seen({
      clock: { trusted: false, detail: "no NTP." },
      products: [{ ...WRITER, count: 1 }],
      licences: [{ id: "L", vendor: "Acme", endsMs: 0 }],
    });
    assert.deepEqual(
      conditions.map(({ key }) => key),
      ["clock-untrusted"],
    );
    assert.match(conditions[0]?.sentence ?? "", /no NTP\.$/);
    for (const kind of ["threshold-near", "threshold-lost", "licence-expiring"]) {
      assert.ok(unjudged.has(kind), kind);
    }
  });

  it("is what else the box finds", () => {
    assert.deepEqual(
      keys({
        storageFailure: "EIO",
        freeBytes: 1e6,
        lowVoltage: true,
        clones: 2,
        auditFault: "line 7",
        upgradeFailure: "it hung",
        replaced: "Another box has its place.",
      }),
      [
        "storage-failed",
        "space-low",
        "voltage-low",
        "clones",
        "audit-broken",
        "update-failed",
        "host-replaced",
      ],
    );
  });

  it("is not what nobody measures, nor what no licence covers", () => {
    const { conditions, unjudged } = seen({
      freeBytes: null,
      lowVoltage: null,
      clones: null,
      unlicensed: ["writer"],
    });
    assert.deepEqual(conditions, []);
    assert.deepEqual(
      [...unjudged],
      ["threshold-lost:writer", "space-low", "voltage-low", "clones"],
    );
  });

  it("is told in sentences, each with something to do", () => {
    const { conditions } = seen({
      products: [
        { ...WRITER, count: 24 },
        { ...WRITER, id: "near", count: 26 },
      ],
      licences: [
        { id: "A", vendor: "Acme", endsMs: 0 },
        { id: "B", vendor: "Acme", endsMs: DAY_MS },
      ],
      dns: domain(failed),
      storageFailure: "EIO",
      freeBytes: 1e6,
      lowVoltage: true,
      clones: 1,
      auditFault: "line 7",
      upgradeFailure: "it hung",
      replaced: "Another box has its place.",
    });
    const [clock] = seen({ clock: { trusted: false, detail: "no NTP" } }).conditions;
    const all = [...conditions, ...(clock ? [clock] : [])];
    const kinds = new Set<string>(all.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), [...ALERT_KIND_NAMES].sort());
    for (const { sentence, remedy, over } of all) {
      for (const text of [sentence, remedy, over]) {
        assert.match(text, /^[A-Z0-9_].*[^.]\.$/);
        assert.ok(!/undefined|NaN|null/.test(text), text);
      }
    }
  });
});
