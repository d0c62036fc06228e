import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

const here = (path: string) => new URL(path, import.meta.url).href;
const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** A program whose only command waits for what nothing is left to settle. */
const PROGRAM = `
  import { Command } from "commander";
  import { runProgram } from ${JSON.stringify(here(`../../../src/cli/support/run-program.${suffix}`))};
  await runProgram(new Command("waiting"), (program) => {
    const wait = program.command("wait").option("--json");
    wait.action(() => new Promise(() => undefined));
  });
`;

describe("a program whose command never answers", () => {
  async function run(...args: string[]) {
    const node = ["--import", "tsx", "--input-type=module", "--eval", PROGRAM, "waiting", "wait"];
    const child = spawn(process.execPath, [...node, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "close");
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await ended;
    return { status: child.exitCode, out, err };
  }

  it("says so, and ends as failed", async () => {
    assert.deepEqual(await run(), {
      status: 1,
      out: "",
      err: "Error: The program came to an end without an answer: report this as a defect of it.\n",
    });
    const { status, out } = await run("--json");
    assert.deepEqual([status, JSON.parse(out).error.code], [1, "internal-error"]);
  }).timeout(20_000);
});
