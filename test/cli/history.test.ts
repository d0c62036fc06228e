import assert from "node:assert/strict";
import { historyLines } from "../../src/cli/box/history.ts";
import { PLAIN } from "../../src/cli/support/chart.ts";
import { formatLogTime } from "../../src/cli/support/dates.ts";
import type { HistoryAnswer } from "../../src/web/api/history-schemas.ts";
import { BoxProcess, runProgram } from "../support/box-process.ts";

const STYLE = { columns: 80, parts: PLAIN };
const QUARTER_SEC = 900;
const END_SEC = 1_800_000_000;
const LAST = END_SEC / QUARTER_SEC - 1;

const answer = (runs: number[][]): HistoryAnswer => ({
  range: "24h",
  time: END_SEC,
  applications: [
    {
      application: "office",
      products: [{ name: "Writer", threshold: 25 }],
      parts: [{ bucketSeconds: QUARTER_SEC, runs }],
    },
  ],
});

describe("kms-box history", () => {
  it("draws the least count of each moment, and tells when not all was activated", () => {
    const lines = historyLines(
      answer([
        [LAST - 40, 20, 26, 30, 28, 1],
        [LAST - 20, 1, 12, 27, 27, 0],
        [LAST - 19, 20, 27, 27, 27, 1],
      ]),
      STYLE,
    );
    assert.equal(lines[0], "office: Writer needs 25");
    assert.match(lines[1] ?? "", /^27 {40,}#/);
    // The dip is a notch in the upper rows.
    assert.match(lines[2] ?? "", /#+ +#+$/);
    assert.equal(lines[5], "The last 24 hours: now 27, least 12, most 30.");
    assert.equal(lines[6], "Not all was activated:");
    assert.match(lines[7] ?? "", /^ {2}20.* to 20/);
    assert.equal(lines.length, 8);
  });

  it("draws no chart where nothing would be in it, and tells no time that is yet to come", () => {
    const [title, summary, , stretch, ...more] = historyLines(
      answer([[LAST + 1, 1, 0, 25, 25, 0]]),
      STYLE,
    );
    assert.equal(title, "office: Writer needs 25");
    assert.equal(summary, "The last 24 hours: now 25, least 0, most 25.");
    assert.ok(stretch?.endsWith(` to ${formatLogTime(END_SEC * 1000)}`), stretch);
    assert.deepEqual(more, []);
  });

  it("says where nothing is known, and where all was well", () => {
    assert.deepEqual(historyLines(answer([]), STYLE).slice(1), [
      "Nothing is known of that time yet.",
    ]);
    const well = historyLines(answer([[LAST - 5, 6, 27, 27, 27, 1]]), STYLE);
    assert.equal(well.at(-1), "All was activated all the time that is known.");
    const none = { range: "24h", time: END_SEC, applications: [] } as const;
    assert.match(historyLines({ ...none, applications: [] }, STYLE).join(), /No product/);
  });

  it("is asked of a running box, and refuses a range that there is none of", async () => {
    const box = await BoxProcess.start({ demo: true });
    const { data } = box;
    const shown = await runProgram("kms-box", ["history", "--data", data]);
    const json = await runProgram("kms-box", [
      "history",
      "--data",
      data,
      "--range",
      "1y",
      "--json",
    ]);
    const wrong = await runProgram("kms-box", ["history", "--data", data, "--range", "9y"]);
    await box.stop();
    assert.equal(shown.status, 0);
    assert.match(shown.stdout, /Demonstration product needs 25/);
    const told = json.json<HistoryAnswer>();
    assert.equal(told.range, "1y");
    assert.equal(told.applications.length, 1);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /24h, 30d, 1y/);
  });
});
