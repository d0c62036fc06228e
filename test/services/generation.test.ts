import assert from "node:assert/strict";
import { GENERATION_DOCUMENT, generationOf, nextGeneration } from "../../src/domain/generation.ts";
import { makeLease, openLease } from "../../src/protocol/lease.ts";
import { Generation, REPLACED_DOCUMENT } from "../../src/services/generation.ts";
import { SERVER, type TestHost, testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { refusalOf } from "../support/refusals.ts";

const RESTORED = 1_800_000_000;
const client = signerOf("client");

/** A lease of the box that was restored from this one's backup. */
async function successorLease(
  host: TestHost,
  generation: number,
  signer = host.signer,
): Promise<string> {
  const nowSec = Math.floor(host.clock.nowMs() / 1000);
  const claims = {
    iss: host.signer.thumbprint,
    sub: client.cmid,
    cnf: { jkt: client.thumbprint },
    product: SERVER.id,
    iat: nowSec,
    exp: nowSec + 1000,
    nonce: "n".repeat(22),
    count: 1,
    threshold: 1,
    generation,
  };
  return makeLease(claims, (data) => signer.sign(data));
}

async function ask(host: TestHost, lastLease?: string) {
  const given = { product: SERVER.id, ...(lastLease !== undefined && { lastLease }) };
  return host.activation.activate(await host.request(client, given), "192.0.2.1");
}

describe("the generation of a host", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost();
  });

  const leaseOf = async () => openLease((await ask(host)).lease).lease;

  it("is 1 at first, and then not in leases", async () => {
    assert.equal(host.report.host().generation, 1);
    assert.ok(!("generation" in (await leaseOf())));
  });

  it("of a restored one is in its leases and its answers", async () => {
    const value = { generation: RESTORED };
    await host.store.commit([{ op: "document", name: GENERATION_DOCUMENT, value }]);
    assert.equal(host.report.host().generation, RESTORED);
    assert.equal((await leaseOf()).generation, RESTORED);
  });

  it("ends its service for good once a client shows a lease of its successor", async () => {
    assert.equal(host.report.health().healthy, true);
    const lease = await successorLease(host, RESTORED);
    const refused = await refusalOf(ask(host, lease));
    assert.equal(refused.code, "product-not-licensed");
    assert.match(String(refused.details.detail), /replaced by one restored from its backup/);
    assert.equal(host.store.ledger.clients, 0, "refused means unchanged");
    assert.equal((await refusalOf(ask(host))).code, "product-not-licensed");
    assert.deepEqual(
      host.report.health().reasons.map(({ code }) => code),
      ["host-replaced"],
    );
    assert.equal(host.events.all.filter(({ name }) => name === "host-replaced").length, 1);
    assert.deepEqual(host.store.documents.get(REPLACED_DOCUMENT), { generation: RESTORED });
    assert.equal(new Generation(host).isReplaced, true, "it knows after a restart");
  });

  it("is not ended by what anybody can make up", async () => {
    for (const lease of [
      "x",
      await successorLease(host, RESTORED, signerOf("stranger")),
      await successorLease(host, 1),
      (await ask(host)).lease,
    ]) {
      await ask(host, lease);
      host.clock.pass(1000);
    }
    assert.equal(host.generation.isReplaced, false);
    assert.equal(host.report.health().healthy, true);
  });

  it("is left to its successor by a host that cannot write any more, too", async () => {
    const lease = await successorLease(host, RESTORED);
    host.store.fail();
    assert.equal(await host.generation.heed(lease), true);
    assert.equal(host.generation.isReplaced, true);
  });

  it("of a box restored over a replaced one is the higher again", () => {
    const { store } = host;
    store.documents.set(REPLACED_DOCUMENT, { generation: 5 });
    store.documents.set(GENERATION_DOCUMENT, { generation: 6 });
    assert.equal(new Generation(host).isReplaced, false);
  });
});

describe("the next generation", () => {
  const nowMs = RESTORED * 1000;

  it("is the second of the restore", () => {
    assert.equal(nextGeneration({ createdMs: 5000, generation: 1 }, 1, nowMs), RESTORED);
  });

  it("is a later one in any case", () => {
    const createdMs = nowMs - 5000;
    assert.equal(nextGeneration({ createdMs, generation: 1 }, 1, 0), RESTORED - 4);
    assert.equal(nextGeneration({ createdMs, generation: RESTORED + 7 }, 1, nowMs), RESTORED + 8);
    assert.equal(nextGeneration({ createdMs, generation: 1 }, RESTORED + 7, nowMs), RESTORED + 8);
  });

  it("is read from a document, and 1 without a sound one", () => {
    assert.deepEqual(
      [{ generation: 3 }, {}, null, undefined, { generation: "3" }, []].map(generationOf),
      [3, 1, 1, 1, 1, 1],
    );
  });
});
