import assert from "node:assert/strict";
import { ActivationTally, OTHER_PRODUCT } from "../../src/services/activation-tally.ts";
import { SERVER, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

describe("the tally of activations", () => {
  it("counts what became of every request, with the product if a licence names it", async () => {
    const host = await testHost();
    const ask = async (body: string) => host.activation.activate(body, "192.0.2.1").catch(() => 0);
    await ask(await host.request(signerOf("pc-1")));
    await ask(await host.request(signerOf("pc-2")));
    await ask(await host.request(signerOf("pc-3"), { product: SERVER.id }));
    await ask(await host.request(signerOf("pc-4"), { product: "made-up" }));
    await ask("nothing of the kind");
    host.clock.distrust();
    await ask(await host.request(signerOf("pc-1")));
    assert.deepEqual(Object.fromEntries(host.tally.activations), {
      [WRITER.id]: 1,
      [SERVER.id]: 1,
    });
    assert.deepEqual(
      [...host.tally.refusals()],
      [
        { reason: "count-below-threshold", product: WRITER.id, count: 1 },
        { reason: "product-not-licensed", product: OTHER_PRODUCT, count: 1 },
        { reason: "malformed-request", product: OTHER_PRODUCT, count: 1 },
        { reason: "clock-untrusted", product: WRITER.id, count: 1 },
      ],
    );
    assert.equal(host.tally.answers.counts.count, 6);
    assert.equal(host.tally.commits.counts.count, 3);
  });

  it("does not count a record that did not get onto flash", async () => {
    const host = await testHost();
    host.store.hold();
    const asked = host.activation.activate(await host.request(signerOf("pc-1")), "192.0.2.1");
    asked.catch(() => undefined);
    while (host.store.waiting === 0) await new Promise(setImmediate);
    host.store.fail();
    await assert.rejects(asked);
    assert.equal(host.tally.commits.counts.count, 0);
    assert.deepEqual(
      [...host.tally.refusals()],
      [{ reason: "storage-failed", product: WRITER.id, count: 1 }],
    );
  });

  it("tells no more products apart than a box has", () => {
    const tally = new ActivationTally();
    for (let each = 0; each < 1000; each++) tally.activated(`product-${each}`);
    tally.refused("clock-skew", "product-999");
    tally.refused("clock-skew", "product-0");
    assert.equal(tally.activations.size, 201);
    assert.equal(tally.activations.get(OTHER_PRODUCT), 800);
    assert.deepEqual(
      [...tally.refusals()].map(({ product }) => product),
      [OTHER_PRODUCT, "product-0"],
    );
  });
});
