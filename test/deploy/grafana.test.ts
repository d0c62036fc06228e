import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { alertFamilies } from "../../src/services/alerts/alert-families.ts";
import { insightFamilies } from "../../src/services/insight/insight-families.ts";
import type { ProductOutlook } from "../../src/services/insight/insight-service.ts";
import { TEST_READING } from "../support/fake-clock.ts";
import { testHost } from "../support/host.ts";
import { metricsOf } from "../support/metrics-rig.ts";
import { parseExposition } from "../support/prometheus-text.ts";

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
  readonly targets: readonly { readonly expr: string }[];
}

const dashboard = JSON.parse(readFileSync("deploy/grafana/kms-box.json", "utf8"));
const rules = readFileSync("deploy/grafana/alerts.yml", "utf8");
const METRIC = /\b(?:kms_box|process|nodejs)_[a-z_]+\b/g;

const FALLING: ProductOutlook = {
  ...{ product: "cad", name: "CAD", application: "desktop", threshold: 25 },
  ...{ countNow: 27, lowest: 23, fallsBelowMs: 86_400_000 },
};

/** The names that queries may use: those of a box's series, and of what they have as labels. */
async function exposed(): Promise<{ names: Set<string>; labels: Set<string> }> {
  const host = await testHost();
  host.clock.sources = [{ ...TEST_READING, ageMs: 60_000 }];
  const families = parseExposition(
    await metricsOf(host, {
      others: [
        () => alertFamilies({ raised: [], queued: 0 }),
        () => insightFamilies({ atMs: 0, products: [FALLING], clones: 0, overdue: 0 }),
      ],
    }).text(),
  );
  const names = [...families.values()].flatMap(({ name, type }) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const samples = [...families.values()].flatMap((family) => family.samples);
  return {
    names: new Set(names),
    labels: new Set(samples.flatMap(({ labels }) => Object.keys(labels))),
  };
}

describe("the dashboard for Grafana", () => {
  const panels = dashboard.panels as Panel[];

  it("asks only for what a box tells", async () => {
    const { names, labels } = await exposed();
    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    assert.ok(expressions.length > 20);
    for (const expression of expressions) {
      const used = expression.match(METRIC) ?? [];
      assert.ok(used.length > 0, expression);
      for (const name of used) assert.ok(names.has(name), name);
      for (const [, grouped = ""] of expression.matchAll(/by \(([a-z, ]+)\)/g)) {
        for (const label of grouped.split(", ")) {
          assert.ok(labels.has(label) || label === "le", label);
        }
      }
    }
  });

  it("has panels with ids of their own, that fit beside each other", () => {
    const ids = panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    assert.equal(new Set(places).size, places.length);
    for (const { gridPos, title } of panels) assert.ok(gridPos.x + gridPos.w <= 24, title);
  });

  it("lets the data source be chosen, and names none of its own", () => {
    const text = JSON.stringify(dashboard.panels);
    const sources = [...text.matchAll(/"uid":"([^"]*)"/g)].map(([, uid]) => uid);
    assert.ok(sources.length > panels.length);
    assert.deepEqual([...new Set(sources)], [`\${datasource}`]);
    const [source] = dashboard.templating.list;
    assert.deepEqual(
      [source.name, source.type, source.query],
      ["datasource", "datasource", "prometheus"],
    );
  });
});

describe("the rules for Prometheus", () => {
  it("ask only for what a box tells", async () => {
    const { names } = await exposed();
    const used = rules.match(/kms_box_[a-z_]+/g) ?? [];
    assert.ok(used.length >= 7);
    for (const name of used) assert.ok(names.has(name), name);
  });
});
