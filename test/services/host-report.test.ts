import assert from "node:assert/strict";
import { DAY_MS } from "../../src/domain/units.ts";
import { SERVER, type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

const codes = (host: TestHost) => host.report.health().reasons.map(({ code }) => code);

async function ask(host: TestHost, name: string, product = WRITER.id): Promise<void> {
  const token = await host.request(signerOf(name), { product });
  await host.activation.activate(token, "192.0.2.1").catch(() => undefined);
}

describe("the host's report on itself", () => {
  it("tells its key, licence, time and counts", async () => {
    const host = await testHost({ licensed: false });
    const licence = await host.grant(signerOf("vendor"));
    await ask(host, "a");
    assert.deepEqual(host.report.host(), {
      host: host.signer.thumbprint,
      generation: 1,
      licence,
      licences: [licence],
      time: host.clock.nowMs() / 1000,
      products: [
        { ...SERVER, count: 0, activating: false },
        { ...WRITER, count: 1, activating: false },
      ],
    });
    await ask(host, "b");
    const writer = host.report.host().products.find(({ id }) => id === "writer");
    assert.deepEqual([writer?.count, writer?.activating], [2, true]);
  });

  it("names the valid licence issued last, or none", async () => {
    const host = await testHost();
    assert.notEqual(host.report.host().licence, null);
    host.clock.pass(366 * DAY_MS);
    const { licence, licences, products } = host.report.host();
    assert.deepEqual([licence, licences.length, products], [null, 1, []]);
    const nowSec = host.clock.nowMs() / 1000;
    const renewed = await host.grant(signerOf("vendor"), { iat: nowSec, jti: "R".repeat(22) });
    const cad = { id: "cad", name: "CAD", application: "cad", threshold: 1 };
    await host.grant(signerOf("second"), { iat: nowSec - 1, products: [cad] });
    assert.equal(host.report.host().licence, renewed);
  });

  it("is healthy with a licence, a clock and a flash", async () => {
    assert.deepEqual((await testHost()).report.health(), { healthy: true, reasons: [] });
  });

  it("names everything that keeps it from activating", async () => {
    const host = await testHost({ licensed: false });
    assert.deepEqual(codes(host), ["no-licence"]);
    host.clock.distrust();
    host.store.fail();
    assert.deepEqual(codes(host), ["clock-untrusted", "storage-failed", "no-licence"]);
    assert.equal(host.report.health().healthy, false);
  });

  it("does not call for a licence that is there while the time is unknown", async () => {
    const host = await testHost();
    host.clock.wallMs = 0;
    host.clock.distrust();
    assert.deepEqual(codes(host), ["clock-untrusted"]);
  });

  it("calls for a licence when the last has expired", async () => {
    const host = await testHost();
    host.clock.pass(366 * DAY_MS);
    assert.deepEqual(codes(host), ["no-licence"]);
  });

  it("lists every client with whole days to the end of its lease", async () => {
    const host = await testHost();
    await ask(host, "a", SERVER.id);
    await ask(host, "b");
    host.clock.pass(DAY_MS + 1);
    const clients = [...host.report.clients()];
    const seen = host.clock.nowMs() - DAY_MS - 1;
    const [a] = clients.filter(({ product }) => product === "server");
    assert.deepEqual(a, {
      cmid: signerOf("a").cmid,
      hostname: "pc-1",
      product: "server",
      application: "os",
      agent: "kms-client/1.0",
      status: "initial-grace",
      firstContact: seen / 1000,
      lastContact: seen / 1000,
      activatedUntil: seen / 1000 + 180 * 86_400,
      daysLeft: 178,
    });
    const [b] = clients.filter(({ product }) => product === "writer");
    assert.deepEqual([b?.activatedUntil, b?.daysLeft], [null, null]);
  });

  it("lists no client that was discarded", async () => {
    const host = await testHost();
    await ask(host, "a");
    host.clock.pass(31 * DAY_MS);
    await host.activation.discardDue();
    assert.deepEqual([...host.report.clients()], []);
  });
});
