import assert from "node:assert/strict";
import { runTool } from "../../../src/adapters/dns/run-tool.ts";

const script = (text: string) => ["-e", text];

describe("a tool of the system", () => {
  it("reads its input, and tells its status and what it wrote", async () => {
    const args = script(
      "process.stdin.pipe(process.stdout); console.error('told'); process.exitCode = 2",
    );
    const run = await runTool(process.execPath, args, { input: "update\n" });
    assert.deepEqual(run, { status: 2, stdout: "update\n", stderr: "told\n" });
  });

  it("need not read its input", async () => {
    const input = "x".repeat(1024 * 1024);
    const run = await runTool(process.execPath, script(""), { input });
    assert.equal(run.status, 0);
  });

  it("gets its variables, and speaks English", async () => {
    const args = script("console.log(process.env.KRB5CCNAME, process.env.LC_ALL)");
    const run = await runTool(process.execPath, args, { env: { KRB5CCNAME: "FILE:/x" } });
    assert.equal(run.stdout, "FILE:/x C\n");
  });

  it("is ended when it hangs, or when it is told to", async () => {
    const hangs = script("setInterval(() => 0, 1000)");
    const code = "server-unreachable";
    await assert.rejects(runTool(process.execPath, hangs, { timeoutMs: 200 }), { code });
    const signal = AbortSignal.timeout(200);
    await assert.rejects(runTool(process.execPath, hangs, { signal }), { code });
    const gone = AbortSignal.abort();
    await assert.rejects(runTool(process.execPath, hangs, { signal: gone }), { code });
  });

  it("that is missing is named with its package", async () => {
    await assert.rejects(runTool("no-such-nsupdate", []), {
      code: "not-installed",
      message: /no-such-nsupdate is missing: install the package bind9-dnsutils/,
    });
  });
});
