import assert from "node:assert/strict";
import { findersFor, findHosts } from "../../src/client/finders.ts";
import { introduce } from "../../src/client/introduction.ts";
import { httpTransport } from "../../src/client/transport.ts";
import { FakeHost } from "../support/fake-host.ts";
import { TinyDns } from "../support/tiny-dns.ts";

const NAME = "_vlmcs._tcp.office.test";
const BY_DNS = {
  configured: null,
  cached: null,
  mdns: false,
  domain: "office.test",
  random: () => 0.5,
};

describe("finding a host", () => {
  let dns: TinyDns;

  beforeEach(async () => {
    dns = await TinyDns.start();
  });

  afterEach(() => dns.stop());

  const find = (over: object = {}) =>
    findHosts(
      findersFor({
        ...BY_DNS,
        dnsServer: dns.address,
        ...over,
      }),
    );

  it("asks only the configured host", async () => {
    const configured = { host: "::1", port: 1688 };
    const { hosts } = await find({ configured });
    assert.deepEqual(hosts, [
      { ...configured, how: "configured", why: "set by the administrator" },
    ]);
    assert.deepEqual(dns.questions, []);
  });

  it("asks DNS for SRV records and tells why it chose them", async () => {
    dns.srv.set(NAME, [
      { target: "b.office.test", port: 1688, priority: 10, weight: 5 },
      { target: "a.office.test", port: 1700, priority: 0, weight: 100 },
    ]);
    const { hosts } = await find();
    assert.deepEqual(
      hosts.map(({ host, port }) => `${host}:${port}`),
      ["a.office.test:1700", "b.office.test:1688"],
    );
    assert.equal(hosts[0]?.why, `SRV ${NAME}, priority 0, weight 100`);
  });

  it("looks for another service label when told to", async () => {
    dns.srv.set("_kms._tcp.office.test", [
      { target: "k.office.test", port: 1, priority: 0, weight: 0 },
    ]);
    assert.equal((await find({ service: "_kms" })).hosts[0]?.host, "k.office.test");
  });

  it("falls back on the host that worked only where DNS has none", async () => {
    const cached = { host: "old.office.test", port: 1688 };
    assert.equal((await find({ cached })).hosts[0]?.how, "cache");
    dns.srv.set(NAME, [{ target: "new.office.test", port: 1688, priority: 0, weight: 0 }]);
    const { hosts } = await find({ cached });
    assert.deepEqual(
      hosts.map(({ host }) => host),
      ["new.office.test"],
    );
  });

  it("tells that there is no record", async () => {
    const { hosts, whyNot } = await find();
    assert.deepEqual(hosts, []);
    assert.equal(whyNot, `${NAME} has no SRV record`);
  });

  it("tells that the service is not offered", async () => {
    dns.srv.set(NAME, [{ target: ".", port: 0, priority: 0, weight: 0 }]);
    assert.equal((await find()).whyNot, `${NAME} says that there is no host`);
  });

  it("tells that a name server refuses", async () => {
    const { whyNot } = await find({ dnsServer: "127.0.0.1:1" });
    assert.match(whyNot, /could not be looked up/);
  });

  it("tells that a name server does not answer for the domain", async () => {
    dns.failure = 5;
    assert.match(
      (await find()).whyNot,
      /: the name server neither has that domain nor asks others/,
    );
  });

  it("asks no host at port 0", async () => {
    dns.srv.set(NAME, [
      { target: "none.office.test", port: 0, priority: 0, weight: 0 },
      { target: "kms.office.test", port: 1688, priority: 9, weight: 0 },
    ]);
    const { hosts } = await find();
    assert.deepEqual(
      hosts.map(({ host }) => host),
      ["kms.office.test"],
    );
  });

  it("goes by the order of the search domains, whichever answers first", async () => {
    const records = (target: string) => [{ target, port: 1688, priority: 0, weight: 0 }];
    dns.srv.set("_vlmcs._tcp.b.test", records("kms.b.test"));
    dns.srv.set("_vlmcs._tcp.c.test", records("kms.c.test"));
    const { domain: _, ...options } = { ...BY_DNS, dnsServer: dns.address };
    const searchDomains = async () => ["a.test", "b.test", "c.test"];
    const { hosts, asked } = await findHosts(findersFor({ ...options, searchDomains }));
    assert.equal(hosts[0]?.host, "kms.b.test");
    assert.deepEqual(
      asked.map(({ place, found }) => `${place}: ${found}`),
      ["SRV in a.test: 0", "SRV in b.test: 1"],
    );
  });

  it("waits once for all search domains where the name server is dead", async () => {
    const silent = await TinyDns.start({ silent: true });
    try {
      const { domain: _, ...options } = { ...BY_DNS, dnsServer: silent.address, lookupMs: 500 };
      const searchDomains = async () => ["a.test", "b.test", "c.test", "d.test"];
      const beganMs = performance.now();
      const { hosts, whyNot } = await findHosts(findersFor({ ...options, searchDomains }));
      const tookMs = performance.now() - beganMs;
      assert.deepEqual(hosts, []);
      assert.equal(whyNot.match(/the name server does not answer/g)?.length, 4, whyNot);
      assert.ok(tookMs >= 450 && tookMs < 1500, `${tookMs} ms`);
      assert.equal(silent.questions.length, 4);
    } finally {
      await silent.stop();
    }
  });

  it("looks up in DNS for six seconds at most, and stops when it is told to", async () => {
    const silent = await TinyDns.start({ silent: true });
    try {
      const within = async (signal?: AbortSignal) => {
        const beganMs = performance.now();
        await findHosts(findersFor({ ...BY_DNS, dnsServer: silent.address }), signal);
        return performance.now() - beganMs;
      };
      assert.ok((await within()) < 6500);
      assert.ok((await within(AbortSignal.timeout(100))) < 1000);
      assert.ok((await within(AbortSignal.abort())) < 500);
    } finally {
      await silent.stop();
    }
  }).timeout(12_000);

  it("tries no more than sixteen hosts", async () => {
    dns.srv.set(
      NAME,
      Array.from({ length: 20 }, (_, i) => ({
        target: `h${i}.office.test`,
        port: 1688,
        priority: i,
        weight: 0,
      })),
    );
    assert.equal((await find()).hosts.length, 16);
  });
});

describe("reaching a host", () => {
  let host: FakeHost;
  let dns: TinyDns;

  before(async () => {
    host = await FakeHost.start();
    dns = await TinyDns.start();
    dns.a.set("kms.office.test", "127.0.0.1");
  });

  after(async () => {
    await host.stop();
    await dns.stop();
  });

  it("asks the given name server for its address", async () => {
    const transport = httpTransport({ dnsServer: dns.address });
    const answer = await introduce({ host: "kms.office.test", port: host.port }, transport);
    assert.ok("host" in answer);
    assert.equal(answer.host, host.host.thumbprint);
    assert.equal(answer.products[0]?.id, "office-suite");
  });

  it("asks the system for names which that server does not know", async () => {
    const transport = httpTransport({ dnsServer: dns.address });
    const answer = await introduce({ host: "localhost", port: host.port }, transport);
    assert.ok("host" in answer);
  });

  it("tells that a name has no address", async () => {
    const answer = await introduce({ host: "none.invalid", port: 1688 }, httpTransport());
    assert.match("fault" in answer ? answer.fault : "", /its name/);
  });

  it("connects from the address it is told", async () => {
    const seen: (string | undefined)[] = [];
    host.behaviour = {
      answer: ({ socket }, response) => {
        seen.push(socket.remoteAddress);
        response.writeHead(404).end("{}");
      },
    };
    const transport = httpTransport({ localAddress: "127.0.0.9" });
    const answer = await introduce({ host: "127.0.0.1", port: host.port }, transport);
    assert.deepEqual(seen, ["127.0.0.9"]);
    assert.deepEqual(answer, { fault: "it answers with status 404" });
  });

  for (const body of [
    "no JSON",
    "{}",
    '{"host":"x","licence":null,"licences":[],"time":1,"products":[]}',
  ]) {
    it(`does not take ${body} for a host's introduction`, async () => {
      host.behaviour = { answer: (_, response) => void response.end(body) };
      const answer = await introduce({ host: "127.0.0.1", port: host.port }, httpTransport());
      assert.match("fault" in answer ? answer.fault : "", /not a KMS host/);
    });
  }
});
