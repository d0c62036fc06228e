import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { alertFamilies } from "../../src/services/alerts/alert-families.ts";
import { ensurePackages, runTool } from "../support/debian-packages.ts";
import { testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { metricsOf } from "../support/metrics-rig.ts";

function checkMetrics(input: string) {
  return spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
}

describe("Prometheus's own tool", function () {
  this.timeout(60_000);

  before(async function () {
    this.timeout(300_000);
    await ensurePackages({ promtool: "prometheus" });
  });

  it("finds nothing wrong with a box's metrics", async () => {
    const host = await testHost();
    for (const name of ["pc-1", "pc-2"]) {
      await host.activation
        .activate(await host.request(signerOf(name)), "192.0.2.1")
        .catch(() => undefined);
    }
    const others = [() => alertFamilies({ raised: [], queued: 0 })];
    const { status, stdout, stderr } = checkMetrics(await metricsOf(host, { others }).text());
    assert.equal(`${stdout}${stderr}`, "");
    assert.equal(status, 0);
  });

  it("would find something", () => {
    assert.notEqual(checkMetrics("kms_box_bad{ 1\n").status, 0);
  });

  it("finds the rules right", async () => {
    const said = await runTool("promtool", ["check", "rules", "deploy/grafana/alerts.yml"]);
    assert.match(said, /SUCCESS: 7 rules found/);
  });
});
