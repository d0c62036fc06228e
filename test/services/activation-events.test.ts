import assert from "node:assert/strict";
import { DAY_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { START_MS } from "../support/fake-clock.ts";
import { SERVER, type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

const SOURCE = "192.0.2.1";
const client = signerOf("client");

describe("the event log", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost();
  });

  const send = async (name: string, given: Parameters<TestHost["request"]>[1] = {}) => {
    const token = await host.request(signerOf(name), given);
    await host.activation.activate(token, SOURCE).catch(() => undefined);
  };

  it("tells of every request that was counted what the Windows event log tells", async () => {
    await send("client", { status: "out-of-tolerance-grace", remainingMinutes: 99 });
    const [event] = host.events.named("request-received");
    assert.deepEqual(event?.details, {
      result: "count-below-threshold",
      minimumCount: 2,
      count: 1,
      hostname: "pc-1",
      cmid: client.cmid,
      requestTime: new Date(START_MS).toISOString(),
      status: "out-of-tolerance-grace",
      remainingMinutes: 99,
      product: "writer",
      source: SOURCE,
    });
    assert.equal(event?.message, "pc-1 is counted, not activated, for Writer (1 of 2).");
  });

  it("tells of an activation", async () => {
    await send("client", { product: SERVER.id });
    const [event] = host.events.named("request-received");
    assert.equal(event?.details.result, "activated");
    assert.equal(event?.message, "pc-1 is activated for Server (1 of 1).");
  });

  it("tells of a threshold reached and lost once each", async () => {
    for (const name of ["a", "b", "c", "a"]) await send(name);
    assert.deepEqual(host.events.named("threshold-reached"), [
      {
        name: "threshold-reached",
        message: "Writer: 2 of 2; clients are activated from now on.",
        details: { product: "writer", application: "office", count: 2, threshold: 2 },
      },
    ]);
    host.clock.pass(29 * DAY_MS);
    await send("a");
    host.clock.pass(DAY_MS);
    await send("a");
    assert.deepEqual(host.events.named("threshold-lost"), [
      {
        name: "threshold-lost",
        message: "Writer: 1 of 2; no client is activated or renewed until 1 more ask.",
        details: { product: "writer", application: "office", count: 1, threshold: 2 },
      },
    ]);
    await send("b");
    assert.equal(host.events.named("threshold-reached").length, 2);
    assert.equal(host.events.named("threshold-lost").length, 1);
  });

  it("tells of the thresholds of every product of an application by themselves", async () => {
    host = await testHost({
      products: [WRITER, { ...WRITER, id: "calc", name: "Calc", threshold: 3 }],
    });
    for (const name of ["a", "b"]) await send(name);
    assert.deepEqual(
      host.events.named("threshold-reached").map(({ details }) => details.product),
      ["writer"],
    );
    await send("c");
    assert.deepEqual(
      host.events.named("threshold-reached").map(({ details }) => details.product),
      ["writer", "calc"],
    );
  });

  it("tells which CMIDs were discarded", async () => {
    await send("client");
    host.clock.pass(30 * DAY_MS);
    await host.activation.discardDue();
    const lastContact = new Date(START_MS).toISOString();
    assert.deepEqual(host.events.named("cmid-discarded"), [
      {
        name: "cmid-discarded",
        message: `pc-1 has not asked for writer since ${lastContact} and no longer counts.`,
        details: { cmid: client.cmid, hostname: "pc-1", product: "writer", lastContact },
      },
    ]);
  });

  it("tells of a refusal, with what the request said", async () => {
    await send("client", { product: "cad" });
    const [event] = host.events.named("request-refused");
    assert.equal(event?.details.result, "product-not-licensed");
    assert.equal(event?.details.cmid, client.cmid);
    assert.equal(event?.details.product, "cad");
    assert.equal(event?.details.source, SOURCE);
  });

  it("tells of what is no request without its content", async () => {
    await host.activation.activate("x", SOURCE).catch(() => undefined);
    assert.deepEqual(host.events.named("request-refused")[0], {
      name: "request-refused",
      message:
        `A request from ${SOURCE} was refused: Not an activation request: ` +
        "not a compact JWS of three parts.",
      details: { result: "malformed-request", source: SOURCE },
    });
  });

  it("tells of count-below-threshold once, as a request that was counted", async () => {
    await send("client");
    assert.deepEqual(host.events.names, ["request-received"]);
  });

  it("cannot be filled with refusals by one source", async () => {
    for (let n = 0; n < 50; n++) await host.activation.activate("x", SOURCE).catch(() => undefined);
    assert.equal(host.events.named("request-refused").length, 6);
    await host.activation.activate("x", "192.0.2.2").catch(() => undefined);
    assert.equal(host.events.named("request-refused").length, 7);
    host.clock.pass(MINUTE_MS);
    await host.activation.activate("x", SOURCE).catch(() => undefined);
    assert.equal(host.events.named("request-refused").length, 8);
  });
});
