import assert from "node:assert/strict";
import { NodeProcessProbe } from "../../../src/adapters/metrics/node-process-probe.ts";

describe("what the process takes", () => {
  it("is told in bytes and seconds", async () => {
    const facts = await new NodeProcessProbe().look();
    assert.ok(facts.residentBytes > facts.heapUsedBytes && facts.heapUsedBytes > 1e6);
    assert.ok(facts.cpuSeconds > 0.1 && facts.cpuSeconds < 3600);
    assert.ok(Math.abs(facts.startSeconds + performance.now() / 1000 - Date.now() / 1000) < 5);
    assert.ok(facts.loopActiveSeconds > 0);
  });

  it("sees how long what is due must wait", async () => {
    const look = new NodeProcessProbe().look();
    const end = performance.now() + 50;
    while (performance.now() < end);
    assert.ok((await look).loopLagSeconds >= 0.045);
  });
});
