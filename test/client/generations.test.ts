import assert from "node:assert/strict";
import type { KmsClient } from "../../src/client/client.ts";
import { seenGenerations, withGeneration } from "../../src/client/generations.ts";
import { DAY_MS } from "../../src/domain/units.ts";
import { openLease } from "../../src/protocol/lease.ts";
import { ClientRig } from "../support/client-rig.ts";
import { FAKE_PRODUCT, FakeHost } from "../support/fake-host.ts";

const RESTORED = 1_800_000_000;

describe("a client whose host was restored from a backup", () => {
  let rig: ClientRig;
  let host: FakeHost;
  let client: KmsClient;
  before(async () => {
    host = await FakeHost.start();
  });
  after(() => host.stop());
  beforeEach(async () => {
    rig = await ClientRig.make();
    host.requests.length = 0;
    client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
  });
  afterEach(() => rig.remove());

  /** The host has that generation, or none that it tells. */
  async function attemptAt(generation?: number) {
    rig.machine.pass(DAY_MS);
    host.behaviour = {
      nowMs: () => rig.machine.wallMs,
      lease: (claims) => ({ ...claims, ...(generation !== undefined && { generation }) }),
    };
    return client.attempt(FAKE_PRODUCT);
  }

  it("goes on as before while no host was", async () => {
    assert.equal((await attemptAt()).reply.kind, "activated");
    assert.equal((await attemptAt(1)).reply.kind, "activated");
    assert.equal((await attemptAt()).reply.kind, "activated");
    assert.ok(host.requests.every((request) => !("lastLease" in request)));
    assert.equal((await rig.folder.readRecord(FAKE_PRODUCT))?.generations, undefined);
  });

  it("takes the restored one's lease, and from then on none of the one before", async () => {
    await attemptAt();
    const taken = await attemptAt(RESTORED);
    assert.equal(taken.reply.kind, "activated");
    for (const old of [undefined, 1, RESTORED - 1]) {
      const refused = await attemptAt(old);
      assert.equal(refused.reply.kind === "failed" && refused.reply.code, "host-replaced");
      assert.match(refused.message, /replaced by one restored .* switch the old one off/);
    }
    const { record } = await attemptAt(RESTORED);
    assert.deepEqual(record.generations, { [host.host.thumbprint]: RESTORED });
    assert.equal((await attemptAt(RESTORED + 1)).reply.kind, "activated");
  });

  it("shows the lease to whoever it asks", async () => {
    await attemptAt(RESTORED);
    await attemptAt();
    const proof = host.requests.at(-1)?.lastLease ?? "";
    assert.equal(openLease(proof).lease.generation, RESTORED);
  });
});

describe("what a client remembers of generations", () => {
  const lease = (iss: string, generation?: number) =>
    ({ iss, ...(generation !== undefined && { generation }) }) as never;

  it("is nothing for a host that was never restored", () => {
    assert.deepEqual(withGeneration(undefined, lease("a")), {});
    assert.deepEqual(withGeneration({ b: 2 }, lease("a", 1)), { generations: { b: 2 } });
  });

  it("is of the newest 16 hosts", () => {
    let known: Readonly<Record<string, number>> = {};
    for (let n = 0; n < 20; n++)
      known = withGeneration(known, lease(`h${n}`, n + 2)).generations ?? {};
    assert.deepEqual([Object.keys(known).length, known.h19, known.h3], [16, 21, undefined]);
  });

  it("survives a stored lease that is damaged", () => {
    const record = { tokens: { lease: "x", licence: "y" } } as never;
    assert.deepEqual(seenGenerations(record), { generations: {} });
  });
});
