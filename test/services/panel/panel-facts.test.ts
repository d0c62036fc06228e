import assert from "node:assert/strict";
import { PanelFactsSource, panelCounts } from "../../../src/services/panel/panel-facts.ts";
import { WELL } from "../../support/fake-health.ts";
import { FakeMachine } from "../../support/fake-machine.ts";
import { type TestHost, testHost, WRITER } from "../../support/host.ts";
import { signerOf } from "../../support/keys.ts";

function factsOf(host: TestHost, machine = new FakeMachine()): PanelFactsSource {
  return new PanelFactsSource({
    store: host.store,
    clock: host.hostClock,
    licences: host.licences,
    report: host.report,
    machine,
    census: { lapsingSoon: 3 },
    port: () => 1688,
    webPort: () => 80,
    dns: () => [],
    backupFaults: () => [],
    auditFaults: () => [],
    fingerprint: () => undefined,
    foresightFaults: () => [],
    networkFaults: () => [],
    setupFaults: () => [],
    onlyAddress: null,
    version: "1.2.3",
    lastStart: "power cut",
    seen: () => WELL,
  });
}

async function ask(host: TestHost, name: string): Promise<void> {
  const token = await host.request(signerOf(name), { product: WRITER.id });
  await host.activation.activate(token, "192.0.2.1").catch(() => undefined);
}

describe("what the panel tells", () => {
  it("is how counts, clients, network and health stand", async () => {
    const host = await testHost();
    const facts = factsOf(host);
    await ask(host, "a");
    host.clock.pass(5000);
    const read = facts.read(true);
    assert.deepEqual(read.counts, [
      { name: "Server", activationCount: 0, activationThreshold: 1 },
      { name: "Writer", activationCount: 1, activationThreshold: 2 },
    ]);
    assert.deepEqual(read.clients, {
      total: 1,
      last: { hostname: "pc-1", atMs: host.clock.nowMs() - 5000 },
      lapsingSoon: 3,
    });
    assert.deepEqual(read.network, {
      hostname: "kms-box",
      addresses: ["192.0.2.10"],
      link: "up",
      port: 1688,
      webPort: 80,
    });
    assert.deepEqual(read.health, {
      clock: { trusted: true, detail: "test" },
      flash: { ok: true, freeBytes: 8e9 },
      temperatureCelsius: 45,
      uptimeMs: 5000,
      version: "1.2.3",
      lastStart: "power cut",
    });
    assert.deepEqual([read.serving, read.faults, read.dns], [true, [], { state: "off" }]);
  });

  it("has faults of the host and of the machine", async () => {
    const host = await testHost({ licensed: false });
    const machine = new FakeMachine();
    machine.linkState = "down";
    host.clock.distrust();
    const { faults, health, clients } = factsOf(host, machine).read(false);
    assert.deepEqual(
      faults.map(({ code }) => code),
      ["clock-untrusted", "no-licence", "no-network"],
    );
    assert.deepEqual(health.clock, { trusted: false, detail: "no NTP" });
    assert.equal(clients.last, null);
  });
});

describe("the counts on the panel", () => {
  const product = (id: string, application: string, threshold: number) => ({
    id,
    name: id.toUpperCase(),
    application,
    threshold,
  });

  it("join products of one application and threshold under the application's name", () => {
    const products = [product("a", "office", 25), product("b", "office", 25)];
    assert.deepEqual(
      panelCounts(products, () => 7),
      [{ name: "office", activationCount: 7, activationThreshold: 25 }],
    );
  });

  it("stay apart where thresholds differ, those below theirs first", () => {
    const products = [product("a", "office", 5), product("b", "office", 25)];
    assert.deepEqual(
      panelCounts(products, () => 7).map(({ name }) => name),
      ["B", "A"],
    );
  });
});
