import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkActivation } from "../../src/client/check.ts";
import { DAY_MS } from "../../src/domain/units.ts";
import { generatePrivateJwk, NodeEd25519Signer } from "../../src/platform/ed25519.ts";
import { ClientRig } from "../support/client-rig.ts";
import { FAKE_PRODUCT, FakeHost } from "../support/fake-host.ts";

describe("the offline check of a vendor's program", () => {
  let rig: ClientRig;
  let host: FakeHost;

  before(async () => {
    host = await FakeHost.start();
  });

  after(() => host.stop());

  beforeEach(async () => {
    rig = await ClientRig.make();
    host.behaviour = { nowMs: () => rig.machine.wallMs };
    const client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    await client.attempt(FAKE_PRODUCT);
  });

  afterEach(() => rig.remove());

  const check = (over: object = {}) =>
    checkActivation(
      {
        product: FAKE_PRODUCT,
        vendorKey: host.vendor.publicJwk,
        state: rig.folder.path,
        ...over,
      },
      rig.machine,
    );

  async function tamper(change: (record: ReturnType<typeof JSON.parse>) => void): Promise<void> {
    const path = rig.folder.recordPath(FAKE_PRODUCT);
    const record = JSON.parse(await readFile(path, "utf8"));
    change(record);
    await writeFile(path, JSON.stringify(record));
  }

  it("says yes where the lease holds, and until when", async () => {
    const answer = await check();
    assert.equal(answer.activated, true);
    assert.equal(answer.reason, "activated");
    assert.equal(answer.status, "licensed");
    assert.equal(answer.remainingMinutes, 180 * 24 * 60);
    assert.equal(answer.expires?.getTime(), rig.machine.wallMs + 180 * DAY_MS);
  });

  it("takes the vendor's key from a file too", async () => {
    const path = join(rig.base, "vendor.pub.jwk");
    await writeFile(path, JSON.stringify(host.vendor.publicJwk));
    assert.equal((await check({ vendorKey: path })).activated, true);
  });

  it("rejects what is no vendor key", async () => {
    await assert.rejects(check({ vendorKey: { kty: "OKP", crv: "Ed25519", x: "x" } }), {
      code: "key-unreadable",
    });
  });

  it("says no without a client", async () => {
    assert.equal((await check({ product: "cad" })).reason, "not-installed");
    const elsewhere = await check({ state: join(rig.base, "nowhere") });
    assert.equal(elsewhere.reason, "not-installed");
    assert.equal(elsewhere.status, "unlicensed");
  });

  it("says no before the first activation", async () => {
    const client = rig.client(host.address);
    await client.rearm();
    await client.install(FAKE_PRODUCT);
    const answer = await check();
    assert.equal(answer.activated, false);
    assert.equal(answer.reason, "never-activated");
    assert.equal(answer.status, "initial-grace");
  });

  it("says no when the lease has ended", async () => {
    rig.machine.pass(180 * DAY_MS);
    const answer = await check();
    assert.equal(answer.reason, "lease-ended");
    assert.equal(answer.status, "out-of-tolerance-grace");
  });

  it("says no to a vendor key that is another's", async () => {
    const other = new NodeEd25519Signer(await generatePrivateJwk());
    const answer = await check({ vendorKey: other.publicJwk });
    assert.equal(answer.activated, false);
    assert.equal(answer.reason, "vendor-not-trusted");
  });

  it("says no on another machine", async () => {
    rig.machine.ids = { hardware: ["board-2"], os: ["os-1"], network: [] };
    assert.equal((await check()).reason, "other-machine");
  });

  it("does not believe a later end that somebody wrote into the file", async () => {
    await tamper((record) => {
      record.state.lease.expiresMs += 9999 * DAY_MS;
    });
    rig.machine.pass(180 * DAY_MS);
    assert.equal((await check()).activated, false);
  });

  it("does not believe a lease that somebody changed", async () => {
    await tamper((record) => {
      const [head, , tail] = record.tokens.lease.split(".");
      record.tokens.lease = `${head}.${Buffer.from("{}").toString("base64url")}.${tail}`;
    });
    assert.equal((await check()).reason, "lease-malformed");
  });

  it("does not gain time from a clock set back, as far as it can know", async () => {
    rig.machine.pass(180 * DAY_MS);
    rig.machine.wallMs -= 179 * DAY_MS;
    assert.equal((await check()).activated, false);
  });

  it("counts the time since a restart at least", async () => {
    rig.machine.reboot(0);
    rig.machine.wallMs -= 1000 * DAY_MS;
    rig.machine.upMs = 4 * 60_000;
    const before = (await check()).remainingMinutes;
    rig.machine.upMs = 3 * 60_000;
    assert.equal((await check()).remainingMinutes - before, 1);
  });

  it("says that a state cannot be used, instead of failing", async () => {
    await tamper((record) => {
      record.state = 1;
    });
    const answer = await check();
    assert.equal(answer.reason, "state-unusable");
    assert.match(answer.message, /is damaged/);
  });
});
