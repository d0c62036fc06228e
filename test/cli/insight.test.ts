import assert from "node:assert/strict";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import type { ExplainAnswer, ForecastAnswer } from "../../src/web/api/insight-schemas.ts";
import { BoxProcess, runProgram } from "../support/box-process.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };

describe("what a running box foresees", function () {
  this.timeout(60_000);
  let box: BoxProcess;
  before(async () => {
    box = await BoxProcess.start({ demo: true, args: ["--no-web", "--no-dns"] });
    await runDemo(box.data, { ...QUIET, clients: 26 });
  });
  after(() => box.stop());

  const ask = (command: string, ...args: string[]) =>
    runProgram("kms-box", [command, ...args, "--data", box.data]);

  it("is told by status and in words", async () => {
    const kept = await ask("forecast", "--json");
    assert.equal(kept.status, 0);
    assert.equal(kept.json<ForecastAnswer>().products[0]?.days[30], 26);
    const one = await ask("forecast", "--without", "DEMO-PC-01");
    assert.deepEqual([one.status, one.stdout.includes("This machine may be retired")], [0, true]);
    const two = await ask("forecast", "--without", "DEMO-PC-01,demo-pc-02");
    assert.equal(two.status, 3);
    assert.match(two.stdout, /when 2 machines have left:\n +HOST NAME.*\n +DEMO-PC-0[12] /);
    assert.equal((await ask("forecast", "--pessimistic")).status, 3);
  });

  it("refuses a machine that it does not know, by name", async () => {
    const { status, stdout } = await ask("forecast", "--without", "PC-99", "--json");
    assert.equal(status, 1);
    assert.equal(JSON.parse(stdout).error.code, "machines-unknown");
  });

  it("explains a machine in one sentence", async () => {
    const known = await ask("explain", "DEMO-PC-01");
    assert.equal(known.status, 0);
    assert.match(
      known.stdout,
      /^DEMO-PC-01 is activated for Demonstration product until [^.]+\.\n$/,
    );
    const unknown = await ask("explain", "PC-99", "--json");
    assert.equal(unknown.status, 3);
    assert.equal(unknown.json<ExplainAnswer>().explanations[0]?.state, "unknown");
  });

  it("finds no clones and nobody missing among machines that came a moment ago", async () => {
    const clones = await ask("clones");
    assert.deepEqual(
      [clones.status, clones.stdout],
      [0, "No CMID was seen on several machines.\n"],
    );
    assert.equal((await ask("calendar")).stdout, "Every activated machine has come back.\n");
    assert.match((await ask("calendar", "--format", "csv")).stdout, /^host name,CMID,.*\r\n$/);
    assert.match((await ask("calendar", "--format", "ics")).stdout, /^BEGIN:VCALENDAR\r\n/);
    assert.equal((await ask("calendar", "--format", "ics", "--json")).status, 2);
  });
});
