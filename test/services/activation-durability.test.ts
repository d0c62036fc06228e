import assert from "node:assert/strict";
import { DAY_MS } from "../../src/domain/units.ts";
import { settled } from "../support/fake-clock.ts";
import { SERVER, type TestHost, testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { contentOf } from "../support/memory-store.ts";
import { problemOf } from "../support/refusals.ts";

const SOURCE = "192.0.2.1";
const client = signerOf("client");

/** Waits until a commit is on its way to flash. */
async function untilWaiting(host: TestHost, commits: number): Promise<void> {
  while (host.store.waiting < commits) await settled();
}

describe("an answer", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost({ newClientsPerDay: 1 });
  });

  for (const [kind, product] of [
    ["a lease", SERVER.id],
    ["count-below-threshold", "writer"],
  ] as const) {
    it(`that is ${kind} does not leave before its record is on flash`, async () => {
      host.store.hold();
      let answered = false;
      const answer = host.activation
        .activate(await host.request(client, { product }), SOURCE)
        .catch(() => undefined)
        .finally(() => {
          answered = true;
        });
      await untilWaiting(host, 1);
      for (let turn = 0; turn < 20; turn++) await settled();
      assert.equal(answered, false);
      assert.deepEqual(host.events.named("request-received"), []);
      host.store.release();
      await answer;
      assert.equal(answered, true);
      assert.equal(host.events.named("request-received").length, 1);
    });
  }

  it("is storage-failed if the record does not reach the flash, and nothing is counted", async () => {
    const before = contentOf(host.store);
    host.store.hold();
    const answer = problemOf(host.activation.activate(await host.request(client), SOURCE));
    await untilWaiting(host, 1);
    assert.equal(host.store.ledger.count("office"), 1);
    host.store.fail();
    const { type, status, retryAfterSeconds } = await answer;
    assert.deepEqual([type, status], ["urn:kms-box:problem:storage-failed", 503]);
    assert.equal(retryAfterSeconds, 60);
    assert.deepEqual(contentOf(host.store), before);
    assert.deepEqual(host.events.named("request-received"), []);
  });

  it("of storage-failed gives the place among the new clients back", async () => {
    host.store.hold();
    const answer = problemOf(host.activation.activate(await host.request(client), SOURCE));
    await untilWaiting(host, 1);
    host.store.fail();
    await answer;
    host.store.recover();
    host.store.release();
    const again = await problemOf(host.activation.activate(await host.request(client), SOURCE));
    assert.equal(again.type, "urn:kms-box:problem:count-below-threshold");
    const other = await host.request(signerOf("other"));
    const third = await problemOf(host.activation.activate(other, SOURCE));
    assert.equal(third.type, "urn:kms-box:problem:too-many-new-clients");
  });

  it("of storage-failed lets the same request be sent again", async () => {
    const token = await host.request(client, { product: SERVER.id });
    host.store.hold();
    const answer = problemOf(host.activation.activate(token, SOURCE));
    await untilWaiting(host, 1);
    host.store.fail();
    await answer;
    host.store.recover();
    host.store.release();
    assert.equal((await host.activation.activate(token, SOURCE)).count, 1);
  });

  it("is storage-failed if what fell due cannot be discarded", async () => {
    await host.activation.activate(await host.request(client), SOURCE).catch(() => undefined);
    host.clock.pass(30 * DAY_MS);
    host.store.hold();
    const token = await host.request(client, { product: SERVER.id });
    const answer = problemOf(host.activation.activate(token, SOURCE));
    await untilWaiting(host, 2);
    host.store.fail();
    assert.equal((await answer).status, 503);
    assert.deepEqual(host.events.named("cmid-discarded"), []);
    assert.equal(host.store.ledger.count("office"), 1);
  });

  it("is an unforeseen error if the signer fails", async () => {
    host.signer.sign = () => Promise.reject(new Error("no key"));
    const token = await host.request(client, { product: SERVER.id });
    await assert.rejects(host.activation.activate(token, SOURCE), /no key/);
  });

  it("passes on an unforeseen error of the store", async () => {
    host.store.commit = () => Promise.reject(new Error("a defect"));
    await assert.rejects(host.activation.activate(await host.request(client), SOURCE), /a defect/);
  });
});
