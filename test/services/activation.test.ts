import assert from "node:assert/strict";
import { DAY_MS, SECOND_MS } from "../../src/domain/units.ts";
import { NodeEd25519Verifier, sha256 } from "../../src/platform/ed25519.ts";
import { trustLease } from "../../src/protocol/lease.ts";
import { SERVER, type TestHost, testHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { problemOf } from "../support/refusals.ts";

const SOURCE = "192.0.2.1";
const client = signerOf("client");
const verifier = new NodeEd25519Verifier();
const crypto = { sha256, verify: verifier.verify.bind(verifier) };

/** Asks and says how it ended: the count with "activated", or the name of the refusal. */
async function ask(host: TestHost, name: string, product = WRITER.id): Promise<string> {
  const token = await host.request(signerOf(name), { product });
  return host.activation.activate(token, SOURCE).then(
    ({ count }) => `activated at ${count}`,
    (error: { code: string; details: { count?: number } }) =>
      [error.code, error.details.count].filter((part) => part !== undefined).join(" at "),
  );
}

describe("the activation service", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost();
  });

  it("answers with a lease that the client can trust offline", async () => {
    const claims = host.claims(client, { product: SERVER.id });
    const token = await host.request(client, claims);
    const answer = await host.activation.activate(token, SOURCE);
    const { lease } = await trustLease(
      answer,
      {
        vendorThumbprint: signerOf("vendor").thumbprint,
        cmid: client.cmid,
        clientThumbprint: client.thumbprint,
        product: SERVER.id,
        nonce: claims.jti,
      },
      crypto,
    );
    const nowSec = host.clock.nowMs() / SECOND_MS;
    assert.equal(lease.iat, nowSec);
    assert.equal(lease.exp, nowSec + 180 * 86_400);
    assert.equal(lease.iss, host.signer.thumbprint);
    assert.deepEqual([lease.count, lease.threshold], [1, 1]);
  });

  it("answers with the intervals by which the client is to act", async () => {
    const token = await host.request(client, { product: SERVER.id });
    const {
      lease: _lease,
      licence: _licence,
      ...rest
    } = await host.activation.activate(token, SOURCE);
    assert.deepEqual(rest, {
      count: 1,
      threshold: 1,
      validityMinutes: 259_200,
      renewalIntervalMinutes: 10_080,
      retryIntervalMinutes: 120,
    });
  });

  it("counts each CMID once and activates from the threshold on", async () => {
    assert.deepEqual(
      [await ask(host, "a"), await ask(host, "a"), await ask(host, "b"), await ask(host, "a")],
      [
        "count-below-threshold at 1",
        "count-below-threshold at 1",
        "activated at 2",
        "activated at 2",
      ],
    );
  });

  it("counts each application by itself", async () => {
    assert.equal(await ask(host, "a"), "count-below-threshold at 1");
    assert.equal(await ask(host, "a", SERVER.id), "activated at 1");
    assert.equal(await ask(host, "b"), "activated at 2");
  });

  it("keeps a record of what the client said", async () => {
    const device = { hostname: "pc-7", fingerprint: "A".repeat(16), agent: "agent/7" };
    const claims = host.claims(client, { product: SERVER.id, device, status: "licensed" });
    await host.activation.activate(await host.request(client, claims), SOURCE);
    const record = host.store.ledger.get(client.cmid, SERVER.id);
    assert.deepEqual(record, {
      cmid: client.cmid,
      product: "server",
      application: "os",
      ...device,
      status: "licensed",
      firstContactMs: host.clock.nowMs(),
      lastContactMs: host.clock.nowMs(),
      leaseExpiresMs: host.clock.nowMs() + 180 * DAY_MS,
      issuedAtSec: claims.iat,
      jtis: [claims.jti],
    });
  });

  it("discards at exactly the retention, so that a record does not count any more", async () => {
    await ask(host, "a");
    host.clock.pass(30 * DAY_MS - 1);
    assert.equal(await ask(host, "b"), "activated at 2");
    host.clock.pass(1);
    assert.equal(await ask(host, "b"), "count-below-threshold at 1");
    assert.equal(host.store.ledger.get(signerOf("a").cmid, WRITER.id), undefined);
  });

  it("renews the record of whoever is refused below the threshold", async () => {
    await ask(host, "a");
    host.clock.pass(20 * DAY_MS);
    await ask(host, "a");
    host.clock.pass(20 * DAY_MS);
    assert.equal(await ask(host, "b"), "activated at 2");
  });

  it("discards every record that fell due, however many", async () => {
    const many = Array.from({ length: 600 }, (_, n) => `${n}`.padStart(12, "0"));
    for (const tail of many) {
      const cmid = `00000000-0000-8000-8000-${tail}`;
      const known = { ...recordOf(host), cmid };
      await host.store.commit([{ op: "put", record: known }]);
    }
    assert.equal(host.store.ledger.count("office"), 600);
    host.clock.pass(30 * DAY_MS);
    await host.activation.discardDue();
    assert.equal(host.store.ledger.size, 0);
    assert.equal(host.events.named("cmid-discarded").length, 600);
    assert.equal(host.events.named("threshold-lost").length, 1);
  });

  it("discards nothing while the clock is not trusted", async () => {
    await ask(host, "a");
    host.clock.pass(31 * DAY_MS);
    host.clock.distrust();
    await host.activation.discardDue();
    assert.equal(host.store.ledger.size, 1);
    host.clock.trustAgain();
    await host.activation.discardDue();
    assert.equal(host.store.ledger.size, 0);
  });

  it("stops discarding when the flash fails, and keeps what it could not discard", async () => {
    for (let n = 0; n < 300; n++) {
      const cmid = `00000000-0000-8000-8000-${`${n}`.padStart(12, "0")}`;
      await host.store.commit([{ op: "put", record: { ...recordOf(host), cmid } }]);
    }
    host.clock.pass(30 * DAY_MS);
    host.store.fail();
    await assert.rejects(host.activation.discardDue(), { code: "storage-failed" });
    assert.equal(host.store.ledger.size, 300);
  });

  it("never signs a lease for longer than the validity interval, to the whole second", async () => {
    host.clock.wallMs += 999;
    const token = await host.request(client, { product: SERVER.id });
    const { lease } = await host.activation.activate(token, SOURCE);
    const claims = JSON.parse(Buffer.from(lease.split(".")[1] ?? "", "base64url").toString());
    assert.equal(claims.exp - claims.iat, 180 * 86_400);
  });
});

describe("the activation service of two vendors", () => {
  it("hands every client its own vendor's licence", async () => {
    const host = await testHost();
    const cad = { id: "cad", name: "CAD", application: "cad", threshold: 1 };
    const second = signerOf("second vendor");
    const licence = await host.grant(second, { iss: "Second", products: [cad] });
    const answer = await host.activation.activate(
      await host.request(client, { product: "cad" }),
      SOURCE,
    );
    assert.equal(answer.licence, licence);
    const other = await host.activation.activate(
      await host.request(client, { product: SERVER.id }),
      SOURCE,
    );
    assert.notEqual(other.licence, licence);
  });

  it("counts no vendor's clients for the other", async () => {
    const host = await testHost();
    const cad = { id: "cad", name: "CAD", application: "cad", threshold: 2 };
    await host.grant(signerOf("second vendor"), { iss: "Second", products: [cad] });
    assert.equal(await ask(host, "a"), "count-below-threshold at 1");
    assert.equal(await ask(host, "b", "cad"), "count-below-threshold at 1");
  });

  it("goes by a newer licence's threshold at once", async () => {
    const host = await testHost();
    assert.equal(await ask(host, "a"), "count-below-threshold at 1");
    host.clock.pass(SECOND_MS);
    await host.grant(signerOf("vendor"), { products: [{ ...WRITER, threshold: 1 }] });
    host.clock.pass(SECOND_MS);
    assert.equal(await ask(host, "a"), "activated at 1");
  });
});

describe("the activation service and replays", () => {
  let host: TestHost;
  beforeEach(async () => {
    host = await testHost();
  });

  const send = async (given: Parameters<TestHost["request"]>[1]) => {
    const token = await host.request(client, { product: SERVER.id, ...given });
    return host.activation.activate(token, SOURCE).then(
      () => "activated",
      (error: { code: string }) => error.code,
    );
  };

  it("takes a token once", async () => {
    const token = await host.request(client, { product: SERVER.id });
    await host.activation.activate(token, SOURCE);
    const { type } = await problemOf(host.activation.activate(token, "192.0.2.2"));
    assert.equal(type, "urn:kms-box:problem:replayed-request");
  });

  it("takes nothing made before the last accepted request", async () => {
    const { iat } = host.claims(client);
    assert.equal(await send({ iat }), "activated");
    assert.equal(await send({ iat: iat - 1 }), "replayed-request");
    assert.equal(await send({ iat: iat + 1 }), "activated");
    assert.equal(await send({ iat }), "replayed-request");
  });

  it("takes eight requests of one second and no more", async () => {
    const { iat } = host.claims(client);
    const outcomes: string[] = [];
    for (let n = 0; n < 9; n++) outcomes.push(await send({ iat }));
    assert.deepEqual(outcomes, [...Array<string>(8).fill("activated"), "rate-limited"]);
    assert.equal(await send({ iat: iat + 1 }), "activated");
  });

  it("remembers across the products of a CMID", async () => {
    const { iat } = host.claims(client);
    const jti = "n".repeat(22);
    assert.equal(await send({ iat, jti }), "activated");
    assert.equal(await send({ iat, jti, product: WRITER.id }), "replayed-request");
    assert.equal(await send({ iat: iat - 1, product: WRITER.id }), "replayed-request");
    assert.equal(await send({ iat, product: WRITER.id }), "count-below-threshold");
  });
});

describe("the activation service and many at once", () => {
  it("counts 100 different CMIDs to exactly 100", async () => {
    const host = await testHost({ products: [{ ...WRITER, threshold: 25 }] });
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => ask(host, `client ${n}`)),
    );
    const counts = outcomes.map((outcome) => Number(outcome.split(" at ")[1]));
    assert.deepEqual(
      counts.toSorted((a, b) => a - b),
      Array.from({ length: 100 }, (_, n) => n + 1),
    );
    assert.equal(outcomes.filter((outcome) => outcome.startsWith("activated")).length, 76);
    assert.equal(host.events.named("threshold-reached").length, 1);
    assert.equal(host.events.named("request-received").length, 100);
  });

  it("accepts a token that is sent 50 times at once exactly once", async () => {
    const host = await testHost();
    const token = await host.request(client, { product: SERVER.id });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () =>
        host.activation.activate(token, SOURCE).then(
          () => "activated",
          (error: { code: string }) => error.code,
        ),
      ),
    );
    assert.equal(outcomes.filter((outcome) => outcome === "activated").length, 1);
    assert.equal(outcomes.filter((outcome) => outcome === "replayed-request").length, 49);
  });

  it("takes a new client's place in the quota once, however often it asks at once", async () => {
    const host = await testHost({ newClientsPerDay: 2 });
    const outcomes = await Promise.all(["a", "a", "a", "b", "c"].map((name) => ask(host, name)));
    assert.deepEqual(outcomes.filter((outcome) => outcome === "too-many-new-clients").length, 1);
    assert.equal(host.store.ledger.clients, 2);
  });
});

function recordOf(host: TestHost) {
  return {
    cmid: "",
    product: WRITER.id,
    application: WRITER.application,
    hostname: "pc",
    fingerprint: "f".repeat(43),
    agent: "agent/1",
    status: "licensed" as const,
    firstContactMs: host.clock.nowMs(),
    lastContactMs: host.clock.nowMs(),
    leaseExpiresMs: 0,
    issuedAtSec: 0,
    jtis: [],
  };
}
