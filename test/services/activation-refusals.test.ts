import assert from "node:assert/strict";
import { DAY_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { makeRequest } from "../../src/protocol/request.ts";
import { HOUR_SEC, type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { contentOf } from "../support/memory-store.ts";
import { problemOf } from "../support/refusals.ts";

const SOURCE = "192.0.2.1";
const client = signerOf("client");

describe("a refusal of an activation request", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost({ newClientsPerDay: 2 });
  });

  /** The problem, and proof that it changed nothing. */
  async function refused(token: string, source = SOURCE) {
    const before = contentOf(host.store);
    const problem = await problemOf(host.activation.activate(token, source));
    assert.deepEqual(contentOf(host.store), before);
    return problem;
  }

  it("is malformed-request for what is no request", async () => {
    assert.deepEqual(await refused("hello"), {
      type: "urn:kms-box:problem:malformed-request",
      title: "The body is not an activation request.",
      status: 400,
      retryAfterSeconds: undefined,
    });
  });

  it("is bad-signature for a signature by another key", async () => {
    const claims = host.claims(client);
    const other = signerOf("other");
    const token = await makeRequest(claims, client.publicJwk, (data) => other.sign(data));
    const { type, status } = await refused(token);
    assert.deepEqual([type, status], ["urn:kms-box:problem:bad-signature", 401]);
  });

  it("is bad-signature for the CMID of another key", async () => {
    const token = await host.request(client, { sub: signerOf("other").cmid });
    assert.equal((await refused(token)).status, 401);
  });

  it("is bad-signature for changed claims under a true signature", async () => {
    const [head, , tail] = (await host.request(client)).split(".");
    const [, body] = (await host.request(client, { status: "licensed" })).split(".");
    assert.equal((await refused(`${head}.${body}.${tail}`)).status, 401);
  });

  it("is product-not-licensed with the product, for one that no licence names", async () => {
    const { type, status, product } = await refused(await host.request(client, { product: "cad" }));
    assert.deepEqual([type, status], ["urn:kms-box:problem:product-not-licensed", 403]);
    assert.equal(product, "cad");
  });

  it("is product-not-licensed once the licence has expired, between two requests", async () => {
    assert.equal(
      (await problemOf(host.activation.activate(await host.request(client), SOURCE))).status,
      409,
    );
    host.clock.pass(365 * DAY_MS - 1);
    assert.equal(
      (await problemOf(host.activation.activate(await host.request(client), SOURCE))).status,
      409,
    );
    host.clock.pass(1);
    assert.equal((await refused(await host.request(client))).status, 403);
  });

  it("is clock-skew with the host's time, for a clock over four hours off, either way", async () => {
    const nowSec = Math.floor(host.clock.nowMs() / 1000);
    for (const offSec of [-4 * HOUR_SEC - 1, 4 * HOUR_SEC + 1]) {
      const token = await host.request(client, { iat: nowSec + offSec });
      const { type, status, hostTime } = await refused(token);
      assert.deepEqual([type, status], ["urn:kms-box:problem:clock-skew", 403]);
      assert.equal(hostTime, nowSec);
    }
  });

  it("is not given for a clock exactly four hours off, either way", async () => {
    for (const offSec of [-4 * HOUR_SEC, 4 * HOUR_SEC]) {
      const iat = Math.floor(host.clock.nowMs() / 1000) + offSec;
      const other = signerOf(`off by ${offSec}`);
      const answer = host.activation.activate(await host.request(other, { iat }), SOURCE);
      await answer.catch((error: { code: string }) =>
        assert.equal(error.code, "count-below-threshold"),
      );
    }
  });

  it("is count-below-threshold with count, threshold and both forms of the retry time", async () => {
    const token = await host.request(client);
    assert.deepEqual(await problemOf(host.activation.activate(token, SOURCE)), {
      type: "urn:kms-box:problem:count-below-threshold",
      title: "Counted; not activated, as too few clients have asked yet.",
      status: 409,
      count: 1,
      threshold: WRITER.threshold,
      retryIntervalMinutes: 120,
      retryAfterSeconds: 7200,
    });
    assert.equal(host.store.ledger.count("office"), 1);
  });

  it("is replayed-request for a request that was accepted before", async () => {
    const token = await host.request(client);
    await problemOf(host.activation.activate(token, SOURCE));
    const { type, status } = await refused(token);
    assert.deepEqual([type, status], ["urn:kms-box:problem:replayed-request", 409]);
  });

  it("is too-many-new-clients with the time to the end of the day", async () => {
    for (const name of ["one", "two"]) {
      const token = await host.request(signerOf(name));
      await host.activation.activate(token, SOURCE).catch(() => undefined);
    }
    host.clock.pass(MINUTE_MS);
    const { type, status, retryAfterSeconds } = await refused(await host.request(client));
    assert.deepEqual([type, status], ["urn:kms-box:problem:too-many-new-clients", 429]);
    assert.equal(retryAfterSeconds, 86_340);
  });

  it("is clock-untrusted with the retry interval while the host does not know the time", async () => {
    host.clock.distrust("no NTP");
    const { type, status, retryAfterSeconds } = await refused(await host.request(client));
    assert.deepEqual([type, status], ["urn:kms-box:problem:clock-untrusted", 503]);
    assert.equal(retryAfterSeconds, 7200);
  });

  it("is clock-untrusted while the clock is behind the mark on flash", async () => {
    await host.store.commit([{ op: "time", timeMs: host.clock.nowMs() + DAY_MS }]);
    const { type } = await refused(await host.request(client));
    assert.equal(type, "urn:kms-box:problem:clock-untrusted");
  });

  it("is clock-untrusted, not product-not-licensed, while the time is as if the licence had not begun", async () => {
    host.clock.wallMs = 0;
    host.clock.distrust();
    const { type } = await refused(await host.request(client));
    assert.equal(type, "urn:kms-box:problem:clock-untrusted");
    const other = await refused(await host.request(client, { product: "cad" }));
    assert.equal(other.type, "urn:kms-box:problem:product-not-licensed");
  });

  it("is clock-untrusted if trust is lost while the signature is checked", async () => {
    const answer = host.activation.activate(await host.request(client), SOURCE);
    host.clock.distrust();
    assert.equal((await problemOf(answer)).status, 503);
    assert.equal(host.store.ledger.size, 0);
  });

  it("is product-not-licensed if the licence ends while the signature is checked", async () => {
    const answer = host.activation.activate(await host.request(client), SOURCE);
    host.clock.pass(365 * DAY_MS);
    assert.equal((await problemOf(answer)).status, 403);
    assert.equal(host.store.ledger.size, 0);
  });

  it("is storage-failed with a minute to wait while the flash fails", async () => {
    host.store.fail("the card is gone");
    const { type, status, retryAfterSeconds } = await refused(await host.request(client));
    assert.deepEqual([type, status], ["urn:kms-box:problem:storage-failed", 503]);
    assert.equal(retryAfterSeconds, 60);
  });
});
