import assert from "node:assert/strict";
import { findersFor, findHosts } from "../../src/client/finders.ts";
import { MdnsFinder } from "../../src/client/mdns-finder.ts";
import { announcedRecords } from "../../src/domain/dns-sd.ts";
import type { MdnsMessage } from "../../src/domain/dns-sd-reading.ts";
import { MdnsLink } from "../../src/platform/mdns-link.ts";
import { LOOPBACK, mdnsPort, until } from "../support/mdns-rig.ts";
import { TinyDns } from "../support/tiny-dns.ts";

/** What a host on the link answers. */
function recordsOf(instance: string, addresses: readonly string[], weight = 100) {
  const target = `${instance}.local`;
  const what = { instance, service: "_vlmcs", target, port: 1688, txt: ["v=1"] };
  return announcedRecords(what, addresses).map((record) =>
    record.type === "SRV" ? { ...record, data: { ...record.data, weight } } : record,
  );
}

describe("finding a host by multicast DNS", () => {
  let port: number;
  let host: MdnsLink;
  let questions: number;
  /** What is answered to each question, each as a packet of its own. */
  let answers: (question: MdnsMessage) => readonly object[];

  beforeEach(async () => {
    port = mdnsPort();
    questions = 0;
    answers = () => [];
    host = await MdnsLink.open(LOOPBACK, {
      role: "answer",
      port,
      heard: (message, from) => {
        if (message.isResponse) return;
        questions++;
        for (const packet of answers(message)) {
          void host.send({ id: message.id, type: "response", ...packet }, from);
        }
      },
    });
  });

  afterEach(() => host.close());

  const options = (over: object = {}) => {
    return { random: () => 0, links: [LOOPBACK], mdnsPort: port, waitMs: 800, ...over };
  };
  const find = (over: object = {}) => new MdnsFinder(options(over)).find();

  it("takes a host's addresses from its answer, and is quick about it", async () => {
    answers = () => [{ answers: recordsOf("box", ["192.0.2.7", "2001:db8::7", "fe80::7"]) }];
    const startMs = performance.now();
    const { hosts, asked } = await find({ waitMs: 5000 });
    assert.ok(performance.now() - startMs < 1000);
    const why = 'mDNS "box" on lo, priority 0, weight 100';
    assert.deepEqual(hosts, [
      { host: "192.0.2.7", port: 1688, how: "mdns", why },
      { host: "2001:db8::7", port: 1688, how: "mdns", why },
    ]);
    assert.deepEqual(asked, [{ place: "mDNS", found: 1, whyNot: "" }]);
  });

  it("orders several hosts as RFC 2782 has it", async () => {
    answers = () => [
      { answers: recordsOf("light", ["192.0.2.1"], 10) },
      { answers: recordsOf("heavy", ["192.0.2.2"], 90) },
    ];
    const byDraw = async (draw: number) =>
      (await find({ random: () => draw })).hosts.map((each) => each.host);
    assert.deepEqual(await byDraw(0.05), ["192.0.2.1", "192.0.2.2"]);
    assert.deepEqual(await byDraw(0.5), ["192.0.2.2", "192.0.2.1"]);
  });

  it("asks again where nobody answers, and ends in time", async () => {
    const startMs = performance.now();
    const { hosts, whyNot } = await find();
    assert.ok(performance.now() - startMs < 1200);
    assert.deepEqual([hosts, questions], [[], 2]);
    assert.match(whyNot, /no host on this machine's links answers by mDNS/);
  });

  it("does not hear answers to what others asked", async () => {
    answers = ({ id }) => [{ id: (id + 1) % 65_536, answers: recordsOf("box", ["192.0.2.7"]) }];
    assert.deepEqual((await find()).hosts, []);
  });

  it("tries no more than sixteen hosts, however many answer", async () => {
    answers = () =>
      Array.from({ length: 60 }, (_, at) => ({
        answers: recordsOf(`box${at}`, [`192.0.2.${at + 1}`]),
      }));
    assert.equal((await find()).hosts.length, 16);
  });

  it("says that a machine has no network", async () => {
    assert.match((await find({ links: [] })).whyNot, /has no network/);
  });

  it("comes after DNS and before the host that worked last", async () => {
    const dns = await TinyDns.start();
    try {
      const known = {
        ...options(),
        configured: null,
        cached: { host: "192.0.2.99", port: 1688 },
        mdns: true,
        domain: "office.test",
        dnsServer: dns.address,
      };
      const how = async (over: object = {}) => {
        const { hosts, asked } = await findHosts(findersFor({ ...known, ...over }));
        return [hosts[0]?.how, ...asked.map(({ place, found }) => `${place}: ${found}`)];
      };
      const cached = "the host that worked last: 1";
      assert.deepEqual(await how(), ["cache", "SRV in office.test: 0", "mDNS: 0", cached]);
      answers = () => [{ answers: recordsOf("box", ["192.0.2.7"]) }];
      assert.deepEqual(await how(), ["mdns", "SRV in office.test: 0", "mDNS: 1"]);
      assert.deepEqual(await how({ mdns: false }), ["cache", "SRV in office.test: 0", cached]);
      const record = { target: "kms.office.test", port: 1688, priority: 0, weight: 0 };
      dns.srv.set("_vlmcs._tcp.office.test", [record]);
      assert.deepEqual(await how(), ["srv", "SRV in office.test: 1"]);
    } finally {
      await dns.stop();
    }
  });

  it("leaves no socket open", async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((each) => each === "UDPWrap");
    const before = sockets().length;
    await Promise.all([find(), find(), find({ links: [{ ...LOOPBACK, local: "192.0.2.99" }] })]);
    await until(() => sockets().length <= before);
  });
});
