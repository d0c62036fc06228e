import assert from "node:assert/strict";
import fc from "fast-check";
import { BLOCKS, chartLines, PLAIN } from "../../../src/cli/support/chart.ts";

const style = (columns: number) => ({ columns, parts: BLOCKS });

describe("chartLines", () => {
  it("draws each value as a bar under its title, with the scale on the left", () => {
    assert.deepEqual(chartLines({ title: "Count", values: [0, 1, 4, 8] }, style(7)), [
      "Count",
      "8    █",
      "     █",
      "    ██",
      "0  ▄██",
    ]);
  });

  it("uses nothing but ASCII where that is asked for", () => {
    const lines = chartLines({ title: "x", values: [1, 2, 3] }, { columns: 80, parts: PLAIN });
    assert.match(lines.join("\n"), /^[ -~\n]+$/);
  });

  it("never passes the width, and never hides a value that is not zero", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1e6 }), { maxLength: 300 }),
        fc.integer({ min: 20, max: 200 }),
        (values, columns) => {
          const lines = chartLines({ title: "t", values }, style(columns));
          assert.ok(lines.every((line) => line.length <= columns));
          assert.equal(
            values.some((value) => value > 0),
            /[▁-█]/.test(lines.at(-1) ?? ""),
          );
        },
      ),
    );
  });
});
