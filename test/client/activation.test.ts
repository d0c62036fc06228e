import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import type { KmsClient } from "../../src/client/client.ts";
import { findersFor } from "../../src/client/finders.ts";
import { parseHostAddress } from "../../src/client/host-address.ts";
import { httpTransport } from "../../src/client/transport.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../src/domain/units.ts";
import { generatePrivateJwk, NodeEd25519Signer } from "../../src/platform/ed25519.ts";
import { ClientRig } from "../support/client-rig.ts";
import { FAKE_PRODUCT, FakeHost } from "../support/fake-host.ts";
import { TinyDns } from "../support/tiny-dns.ts";

describe("a client that asks a host", () => {
  let rig: ClientRig;
  let host: FakeHost;
  let client: KmsClient;

  before(async () => {
    host = await FakeHost.start();
  });

  after(() => host.stop());

  beforeEach(async () => {
    rig = await ClientRig.make();
    host.behaviour = { nowMs: () => rig.machine.wallMs };
    host.requests.length = 0;
    client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
  });

  afterEach(() => rig.remove());

  const attempt = () => client.attempt(FAKE_PRODUCT);
  const effectsOfTick = async () => (await client.tick(FAKE_PRODUCT)).map(({ type }) => type);

  it("is activated, and keeps the lease, the host and the rhythm", async () => {
    const report = await attempt();
    assert.equal(report.reply.kind, "activated");
    assert.match(report.message, /^office-suite is activated by 127\.0\.0\.1:\d+ until 2030-06-30/);
    const record = await rig.folder.readRecord(FAKE_PRODUCT);
    assert.equal(record?.host?.how, "configured");
    assert.equal(record?.state.schedule.nextAttemptMs, rig.machine.wallMs + 7 * DAY_MS);
    assert.equal(record?.tokens?.lease.split(".").length, 3);
  });

  it("says what it is and how it stands", async () => {
    await attempt();
    rig.machine.pass(DAY_MS);
    await attempt();
    const [first, second] = host.requests;
    assert.equal(first?.device.hostname, "pc-17.office.example");
    assert.match(first?.device.agent ?? "", /^kms-client\/\d/);
    assert.equal(first?.status, "initial-grace");
    assert.equal(first?.remainingMinutes, 30 * 24 * 60);
    assert.equal(second?.status, "licensed");
    assert.equal(second?.remainingMinutes, 179 * 24 * 60);
    assert.equal(second?.sub, first?.sub);
    assert.notEqual(second?.jti, first?.jti);
  });

  it("renews after seven days, also when it was restarted in between", async () => {
    await attempt();
    rig.machine.pass(6 * DAY_MS);
    assert.deepEqual(await effectsOfTick(), ["wake"]);
    client = rig.client(host.address);
    rig.machine.reboot(DAY_MS);
    assert.deepEqual(await effectsOfTick(), ["attempt"]);
  });

  it("is counted but not activated below the threshold, and tries again in two hours", async () => {
    const details = { count: 3, threshold: 25, retryIntervalMinutes: 120 };
    host.behaviour = { refuse: { name: "count-below-threshold", details } };
    const report = await attempt();
    assert.equal(report.reply.kind, "below-threshold");
    assert.match(report.message, /3 of 25 clients/);
    rig.machine.pass(2 * HOUR_MS - SECOND_MS);
    assert.deepEqual(await effectsOfTick(), ["wake"]);
    rig.machine.pass(SECOND_MS);
    assert.deepEqual(await effectsOfTick(), ["attempt"]);
  });

  it("keeps its own retry interval where the host names none", async () => {
    const details = { count: 3, threshold: 25 };
    host.behaviour = { refuse: { name: "count-below-threshold", details } };
    const { reply } = await attempt();
    assert.equal(reply.kind === "below-threshold" && reply.retryIntervalMs, 2 * HOUR_MS);
  });

  it("comes back when the host asks it to", async () => {
    host.behaviour = { refuse: { name: "overloaded", details: { retryAfterSeconds: 30 } } };
    const report = await attempt();
    assert.deepEqual(report.effects, [{ type: "wake", afterMs: 30 * SECOND_MS }]);
  });

  it("passes on what the host says of a refusal, without its control characters", async () => {
    const detail = "No \u001b[31mlicence\u0007 covers it.";
    host.behaviour = { refuse: { name: "product-not-licensed", details: { detail } } };
    const { message } = await attempt();
    assert.match(
      message,
      /refused office-suite \(product-not-licensed\): No {2}\[31mlicence {2}cov/,
    );
  });

  const hostile: [string, FakeHost["behaviour"], string][] = [
    [
      "a nonce that is not its own",
      { lease: (c) => ({ ...c, nonce: "B".repeat(32) }) },
      "wrong-nonce",
    ],
    [
      "a lease for another client",
      { lease: (c) => ({ ...c, sub: "00000000-0000-8000-8000-000000000000" }) },
      "wrong-client",
    ],
    [
      "a lease for another client's key",
      { lease: (c) => ({ ...c, cnf: { jkt: "A".repeat(43) } }) },
      "wrong-client",
    ],
    [
      "a licence that has expired",
      { licence: (c) => ({ ...c, exp: c.iat + 1 }) },
      "licence-not-valid",
    ],
    [
      "a licence for other products",
      { licence: (c) => ({ ...c, products: c.products.map((p) => ({ ...p, id: "cad" })) }) },
      "product-not-licensed",
    ],
    [
      "a lease that never ends",
      { lease: (c) => ({ ...c, exp: c.exp + 99_999 * 86_400 }) },
      "lease-time",
    ],
    [
      "a lease from an hour long ago",
      { lease: (c) => ({ ...c, iat: c.iat - 5 * 3600 }) },
      "licence-not-valid",
    ],
    [
      "a lease of a day long past",
      {
        lease: (c) => ({ ...c, iat: c.iat - 86_400 }),
        licence: (c) => ({ ...c, nbf: c.nbf - 99_999 }),
      },
      "lease-time",
    ],
    ["an answer without a lease", { members: { lease: undefined } }, "answer-malformed"],
    ["a lease that is none", { members: { lease: "a.b.c" } }, "lease-malformed"],
  ];
  for (const [what, behaviour, code] of hostile) {
    it(`does not believe ${what}`, async () => {
      host.behaviour = { ...behaviour, nowMs: () => rig.machine.wallMs };
      const { reply, message } = await attempt();
      assert.equal(reply.kind, "failed");
      assert.deepEqual(reply.kind === "failed" && [reply.reason, reply.code], [
        "not-trusted",
        code,
      ]);
      assert.match(message, /not trusted/);
      assert.equal((await rig.folder.readRecord(FAKE_PRODUCT))?.state.lease, null);
    });
  }

  it("does not believe a host of another vendor", async () => {
    const other = new NodeEd25519Signer(await generatePrivateJwk());
    await client.install(FAKE_PRODUCT, other.publicJwk);
    const { reply } = await attempt();
    assert.equal(reply.kind === "failed" && reply.code, "vendor-not-trusted");
  });

  it("drops its lease when the administrator gives another vendor key", async () => {
    await attempt();
    const other = new NodeEd25519Signer(await generatePrivateJwk());
    assert.equal(await client.install(FAKE_PRODUCT, other.publicJwk), "replaced");
    assert.equal(rig.notices[0]?.kind, "lease-dropped");
    assert.equal((await rig.folder.readRecord(FAKE_PRODUCT))?.state.lease, null);
    assert.deepEqual(await effectsOfTick(), ["attempt"]);
  });

  const nonsense: [string, FakeHost["behaviour"]["answer"], string][] = [
    ["garbage", (_, response) => void response.end("<html>"), "answer-malformed"],
    [
      "something that is not HTTP",
      ({ socket }) => void socket.end(Buffer.from("050002030c", "hex")),
      "answer-not-http",
    ],
    ["a huge body", (_, response) => void response.end("x".repeat(300_000)), "answer-too-large"],
    [
      "a refusal of no known kind",
      (_, response) =>
        void response.writeHead(500).end('{"type":"about:blank","title":"x","status":5}'),
      "answer-malformed",
    ],
    ["nothing", ({ socket }) => void socket.destroy(), "host-unreachable"],
    ["a body without end", (_, response) => void response.write("{"), "host-timeout"],
  ];
  for (const [what, answer, code] of nonsense) {
    it(`survives a host that answers ${what}`, async () => {
      const { httpTransport } = await import("../../src/client/transport.ts");
      client = rig.client(host.address, { transport: httpTransport({ timeoutMs: 300 }) });
      host.behaviour = answer ? { answer } : {};
      const { reply } = await attempt();
      assert.equal(reply.kind === "failed" && reply.code, code);
    });
  }

  it("keeps nothing of an attempt that was broken off", async () => {
    host.behaviour = { answer: () => {} };
    const stop = new AbortController();
    const broken = client.attempt(FAKE_PRODUCT, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await assert.rejects(broken, { name: "AbortError" });
    assert.equal((await rig.folder.readRecord(FAKE_PRODUCT))?.state.lastAttempt, null);
  });

  it("tries the next host when one fails, and tells of all when all fail", async () => {
    const addresses = ["127.0.0.1:1", host.address].map((each) => parseHostAddress(each));
    const finding = {
      hosts: addresses.map((each) => ({ ...each, how: "srv" as const, why: "" })),
      whyNot: "",
      asked: [],
    };
    client = rig.client(host.address, { finders: () => [{ find: async () => finding }] });
    assert.equal((await attempt()).host?.port, host.port);
    host.behaviour = { refuse: { name: "overloaded" } };
    const { reply, message } = await attempt();
    assert.equal(reply.kind === "failed" && reply.code, "overloaded");
    assert.match(
      message,
      /127\.0\.0\.1:1: nothing listens there; 127\.0\.0\.1:\d+: The host is busy/,
    );
  });

  it("asks the second host that DNS names when the first is dead, and not the dead one it knew", async () => {
    await attempt();
    const dns = await TinyDns.start();
    try {
      dns.a.set("dead.office.test", "127.0.0.1").set("live.office.test", "127.0.0.1");
      dns.srv.set("_vlmcs._tcp.office.test", [
        { target: "live.office.test", port: host.port, priority: 10, weight: 0 },
        { target: "dead.office.test", port: 1, priority: 0, weight: 0 },
      ]);
      const find = { domain: "office.test", dnsServer: dns.address, random: Math.random };
      const transport = httpTransport({ dnsServer: dns.address });
      client = rig.client(host.address, {
        transport,
        finders: () =>
          findersFor({ ...find, configured: null, cached: { host: "::1", port: 1 }, mdns: false }),
      });
      const { reply, host: answering } = await attempt();
      assert.equal(reply.kind, "activated");
      assert.equal(answering?.host, "live.office.test");
    } finally {
      await dns.stop();
    }
  });

  it("says why no host was found", async () => {
    const finding = {
      hosts: [],
      whyNot: "_vlmcs._tcp.office.example has no SRV record",
      asked: [],
    };
    client = rig.client(host.address, { finders: () => [{ find: async () => finding }] });
    const { reply, message } = await attempt();
    assert.equal(reply.kind === "failed" && reply.reason, "host-not-found");
    assert.match(message, /_vlmcs\._tcp\.office\.example has no SRV record\. Publish/);
  });

  it("offers the host that worked to a later search", async () => {
    await attempt();
    let cached: unknown;
    client = rig.client(host.address, {
      finders: (known) => {
        cached = known.cached;
        return findersFor({
          configured: parseHostAddress(host.address),
          cached: null,
          mdns: false,
          random: Math.random,
        });
      },
    });
    await attempt();
    assert.equal((cached as { port: number }).port, host.port);
  });

  it("keeps its key from others and out of its other files", async () => {
    await attempt();
    const { mode } = await stat(rig.folder.keyPath);
    assert.equal(mode & 0o777, 0o600);
    const { d } = JSON.parse(await readFile(rig.folder.keyPath, "utf8")) as { d: string };
    const others = [
      rig.folder.machinePath,
      rig.folder.settingsPath,
      rig.folder.recordPath(FAKE_PRODUCT),
    ];
    for (const path of others) assert.ok(!(await readFile(path, "utf8")).includes(d));
  });

  it("does not keep a lease for an identity that was given up meanwhile", async () => {
    host.behaviour = {
      nowMs: () => rig.machine.wallMs,
      answer: (_, response) => {
        void rig
          .client(host.address)
          .rearm()
          .then(() => response.end("{}"));
      },
    };
    await assert.rejects(attempt(), { code: "state-changed" });
    assert.equal(await rig.folder.readRecord(FAKE_PRODUCT), undefined);
  });

  it("goes by what the host signed, not by what a file says", async () => {
    await attempt();
    const path = rig.folder.recordPath(FAKE_PRODUCT);
    const record = JSON.parse(await readFile(path, "utf8"));
    const expiresMs = record.state.lease.expiresMs;
    record.state.lease.expiresMs += 9999 * DAY_MS;
    await writeFile(path, JSON.stringify(record));
    await client.install(FAKE_PRODUCT);
    const kept = await rig.folder.readRecord(FAKE_PRODUCT);
    assert.equal(kept?.state.lease?.expiresMs, expiresMs);
  });
});
