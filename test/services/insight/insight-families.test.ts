import assert from "node:assert/strict";
import { insightFamilies } from "../../../src/services/insight/insight-families.ts";

const PRODUCT = { name: "CAD", application: "desktop", threshold: 25, countNow: 27 };

describe("what is foreseen, for Prometheus", () => {
  it("is the least count of each product, and when it falls, if it does", () => {
    const products = [
      { ...PRODUCT, product: "cad", lowest: 23, fallsBelowMs: 91_000 },
      { ...PRODUCT, product: "viewer", lowest: 26, fallsBelowMs: null },
    ];
    const families = insightFamilies({ atMs: 1000, products, clones: 2, overdue: 4 });
    assert.deepEqual(
      families.map((family) => [
        family.name,
        ...("samples" in family ? family.samples : []).map(({ labels, value }) => [
          labels.product,
          value,
        ]),
      ]),
      [
        ["kms_box_forecast_lowest_cmids", ["cad", 23], ["viewer", 26]],
        ["kms_box_forecast_falls_in_seconds", ["cad", 90]],
        ["kms_box_clones", [undefined, 2]],
        ["kms_box_overdue_machines", [undefined, 4]],
      ],
    );
  });

  it("is nothing before the box has looked", () => {
    assert.deepEqual(insightFamilies(undefined), []);
  });
});
