import assert from "node:assert/strict";
import { Command } from "commander";
import sinon from "sinon";
import { simulateCommand } from "../../../src/cli/box/simulate.ts";
import { runProgram } from "../../../src/cli/support/run-program.ts";
import type { Timeline } from "../../../src/services/simulation/timeline.ts";

interface Outcome {
  readonly status: number | string | undefined;
  readonly out: string;
  readonly err: string;
}

async function run(...args: string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const write = (into: string[]) => (text: string | Uint8Array) => into.push(String(text)) > 0;
  const stdout = sinon.stub(process.stdout, "write").callsFake(write(out));
  const stderr = sinon.stub(process.stderr, "write").callsFake(write(err));
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const argv = ["node", "kms-box", "simulate", ...args];
    await runProgram(new Command("kms-box"), (box) => box.addCommand(simulateCommand()), {}, argv);
    return { status: process.exitCode, out: out.join(""), err: err.join("") };
  } finally {
    process.exitCode = before;
    stdout.restore();
    stderr.restore();
  }
}

describe("kms-box simulate", () => {
  it("answers the reference story as one JSON document", async () => {
    const { status, out } = await run("--json");
    assert.equal(status, 0);
    const timeline = JSON.parse(out) as Timeline;
    assert.equal(timeline.story, "decommission");
    assert.equal(timeline.clients, 25);
    assert.equal(timeline.threshold, 25);
    assert.equal(timeline.days.length, 250);
    assert.equal(timeline.days[60]?.count, 23);
    assert.equal(timeline.days[60]?.retrying, 23);
    assert.equal(timeline.days[60]?.clients.licensed, 23);
    assert.equal(timeline.days.at(-1)?.clients.licensed, 25);
    assert.deepEqual(
      timeline.turns.map(({ kind }) => kind),
      [
        "clients-joined",
        "threshold-reached",
        "all-renewing",
        "clients-left",
        "threshold-lost",
        "all-retrying",
        "first-out-of-tolerance",
        "all-out-of-tolerance",
        "clients-joined",
        "threshold-reached",
        "all-renewing",
      ],
    );
  });

  it("shows the timeline as a table and as charts", async () => {
    const { out } = await run("--story", "lapse", "--clients", "5", "--seed", "3");
    assert.match(out, /^lapse: two of the clients leave/);
    assert.match(out, /DAY +COUNT +ACTIVATIONS +REFUSALS +RETRIES +LICENSED/);
    assert.match(out, /nobody is activated/);
    assert.match(out, /3 clients trying every 2 hours/);
    assert.match(out, /all 3 in out-of-tolerance grace/);
    assert.match(out, /all 3 show notifications/);
    assert.match(out, /\nRetries a day\n/);
    assert.ok(out.split("\n").length < 60);
  });

  it("lets new clients join when it is told", async () => {
    const { out } = await run("--clients", "4", "--days", "80", "--join-day", "60", "--json");
    const { turns } = JSON.parse(out) as Timeline;
    assert.deepEqual(
      turns.filter(({ kind }) => kind === "clients-joined").map(({ day }) => day),
      [1, 60],
    );
  });

  it("tells of a growing network", async () => {
    const { out } = await run("--story", "growth", "--days", "20");
    assert.match(out, /40 new clients/);
    assert.match(out, /the count reached the threshold, 25/);
  });

  for (const [args, message] of [
    ["--story nonsense", /choices are decommission, lapse, growth/i],
    ["--clients 0", /--clients must be a whole number from 1 to 100000/],
    ["--clients 2", /--clients must be at least 3 for decommission/],
    ["--days 1.5", /--days must be a whole number/],
    ["--seed x", /--seed must be a whole number/],
    ["--story lapse --join-day 90", /Nobody joins later in lapse/],
    ["--speed 9", /unknown option '--speed'/],
  ] as const) {
    it(`refuses ${args} as wrong usage`, async () => {
      const { status, out, err } = await run(...args.split(" "));
      assert.equal(status, 2);
      assert.equal(out, "");
      assert.match(err, message);
    });
  }
});
