import assert from "node:assert/strict";
import fastify from "fastify";
import { composeMetrics } from "../../../src/compose-metrics.ts";
import { gauges, sample } from "../../../src/services/metrics/family.ts";
import { addMetricsRoute } from "../../../src/web/status/metrics-route.ts";
import { SERVER, type TestHost, testHost, WRITER } from "../../support/host.ts";
import { signerOf } from "../../support/keys.ts";
import { metricsOf } from "../../support/metrics-rig.ts";
import { parseExposition, seriesValue } from "../../support/prometheus-text.ts";

describe("the metrics", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost();
  });

  const ask = async (name: string) =>
    host.activation.activate(await host.request(signerOf(name)), "192.0.2.1").catch(() => 0);
  const read = async (given = {}) => parseExposition(await metricsOf(host, given).text());

  it("tell each product's count, and what became of requests", async () => {
    for (const name of ["pc-1", "pc-2", "pc-3"]) await ask(name);
    const families = await read();
    const labels = { product: WRITER.id, application: WRITER.application };
    assert.equal(seriesValue(families, "kms_box_counted_cmids", labels), 3);
    assert.equal(seriesValue(families, "kms_box_activation_threshold", labels), 2);
    assert.equal(seriesValue(families, "kms_box_activating", labels), 1);
    const server = { product: SERVER.id, application: SERVER.application };
    assert.equal(seriesValue(families, "kms_box_activating", server), 0);
    assert.equal(seriesValue(families, "kms_box_activations_total", { product: WRITER.id }), 2);
    const refused = { reason: "count-below-threshold", product: WRITER.id };
    assert.equal(seriesValue(families, "kms_box_refusals_total", refused), 1);
    assert.equal(seriesValue(families, "kms_box_activation_duration_seconds_count"), 3);
    assert.equal(seriesValue(families, "kms_box_clients"), 3);
    assert.equal(seriesValue(families, "kms_box_build_info", { version: "1.2.3" }), 1);
  });

  it("tell how store, clock, DNS, panel, licence and machine stand", async () => {
    host.store.notice({ kind: "compacted", records: 1, bytes: 100, tookMs: 250 });
    const families = await read();
    assert.equal(seriesValue(families, "kms_box_healthy"), 1);
    assert.equal(seriesValue(families, "kms_box_store_writable"), 1);
    assert.equal(seriesValue(families, "kms_box_store_compactions_total"), 1);
    assert.equal(seriesValue(families, "kms_box_store_last_compaction_seconds"), 0.25);
    assert.equal(seriesValue(families, "kms_box_clock_trusted"), 1);
    assert.equal(seriesValue(families, "kms_box_clock_source_trusted", { source: "test" }), 1);
    const state = { domain: "office.test", state: "published" };
    assert.equal(seriesValue(families, "kms_box_dns_state", state), 1);
    assert.equal(seriesValue(families, "kms_box_dns_state", { ...state, state: "failed" }), 0);
    assert.equal(seriesValue(families, "kms_box_panel_part_present", { part: "leds" }), 0);
    assert.equal(seriesValue(families, "kms_box_panel_part_present", { part: "button" }), 1);
    const expires = host.licences.book.licences[0]?.claims.exp;
    const product = { product: WRITER.id };
    assert.equal(
      seriesValue(families, "kms_box_licence_expiry_timestamp_seconds", product),
      expires,
    );
    assert.equal(seriesValue(families, "kms_box_temperature_celsius"), 48.3);
    assert.equal(seriesValue(families, "process_resident_memory_bytes"), 60e6);
  });

  it("tell what is wrong", async () => {
    host.clock.distrust();
    host.store.fail();
    const families = await read();
    assert.equal(seriesValue(families, "kms_box_healthy"), 0);
    assert.equal(seriesValue(families, "kms_box_problem", { reason: "clock-untrusted" }), 1);
    assert.equal(seriesValue(families, "kms_box_problem", { reason: "storage-failed" }), 1);
    assert.equal(seriesValue(families, "kms_box_problem", { reason: "no-licence" }), 0);
    assert.equal(seriesValue(families, "kms_box_clock_trusted"), 0);
    assert.equal(seriesValue(families, "kms_box_store_writable"), 0);
  });

  it("leave out what the machine does not tell, rather than telling 0", async () => {
    const families = await read({
      machine: () => undefined,
      panel: () => undefined,
      dns: () => [],
    });
    for (const name of [
      "kms_box_temperature_celsius",
      "kms_box_low_voltage",
      "kms_box_panel_part_present",
      "kms_box_dns_state",
    ]) {
      assert.deepEqual(families.get(name)?.samples ?? [], [], name);
    }
  });

  it("name no machine and no CMID", async () => {
    for (const name of ["pc-1", "pc-2"]) await ask(name);
    const text = await metricsOf(host).text();
    assert.ok(!text.includes("pc-1"));
    assert.ok(!text.includes(signerOf("pc-1").cmid));
    assert.ok(!text.includes("192.0.2.1"));
  });

  it("carry names that the format must escape", async () => {
    const vendor = 'A "B"\\\nC';
    const family = gauges("kms_box_test", "A test's.", [sample({ vendor }, 1)]);
    const families = await read({ others: [() => [family]] });
    const [told] = families.get("kms_box_test")?.samples ?? [];
    assert.equal(told?.labels.vendor, 'A \\"B\\"\\\\\\nC');
  });

  it("are gathered at most once a second, and anew after a failure", async () => {
    let reads = 0;
    const dns = () => {
      if (++reads === 1) throw new Error("not yet");
      return [];
    };
    const metrics = metricsOf(host, { dns });
    await assert.rejects(metrics.text(), /not yet/);
    await Promise.all([metrics.text(), metrics.text()]);
    await metrics.text();
    assert.equal(reads, 2);
    host.clock.pass(1000);
    await metrics.text();
    assert.equal(reads, 3);
  });

  it("are served for Prometheus at /metrics", async () => {
    const app = fastify();
    addMetricsRoute(app, metricsOf(host));
    const answer = await app.inject({ url: "/metrics" });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.ok(parseExposition(answer.body).size > 30);
    await app.close();
  });
});

describe("the metrics of a box as it is put together", () => {
  it("are those of this process", async () => {
    const host = await testHost();
    const metrics = composeMetrics({
      store: host.store,
      clock: host.hostClock,
      licences: host.licences,
      report: host.report,
      tally: host.tally,
      machine: () => undefined,
      dns: () => [],
      panel: () => undefined,
      others: [],
    });
    const families = parseExposition(await metrics.text());
    const resident = seriesValue(families, "process_resident_memory_bytes") ?? 0;
    assert.ok(resident > 1e7 && resident <= 1.5 * process.memoryUsage().rss);
  });
});
