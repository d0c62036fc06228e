import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Announcement,
  announcedRecords,
  announcedText,
  answersTo,
  givesWay,
  instanceCandidates,
  isRivalOf,
} from "../../src/domain/dns-sd.ts";
import { readMdnsMessage, servicesIn } from "../../src/domain/dns-sd-reading.ts";

const BOX: Announcement = {
  instance: "kms-box",
  service: "_vlmcs",
  target: "kms-0123456789ab.local",
  port: 1688,
  txt: announcedText("thumbprint", ["editor", "server"]),
};
const RECORDS = announcedRecords(BOX, ["192.0.2.7", "2001:db8::7"]);
const typesOf = (records: readonly { type: string }[]) => records.map(({ type }) => type);
const ask = (name: string, type: string) => answersTo([{ name, type }], RECORDS);

describe("what a link is told of the host", () => {
  it("is its name, its place, its key and its products, and its addresses there", () => {
    assert.deepEqual(
      RECORDS.map(({ type, name, ttl, flush }) => [type, name, ttl, flush]),
      [
        ["PTR", "_vlmcs._tcp.local", 4500, false],
        ["PTR", "_services._dns-sd._udp.local", 4500, false],
        ["SRV", "kms-box._vlmcs._tcp.local", 120, true],
        ["TXT", "kms-box._vlmcs._tcp.local", 4500, true],
        ["A", "kms-0123456789ab.local", 120, true],
        ["AAAA", "kms-0123456789ab.local", 120, true],
      ],
    );
    assert.deepEqual(BOX.txt, ["v=1", "host=thumbprint", "products=editor,server"]);
  });

  it("names as many products as fit into one text of 255 bytes", () => {
    const ids = Array.from({ length: 40 }, (_, index) => `product-${index}`);
    const listed = announcedText("thumbprint", ids)[2] ?? "";
    assert.ok(listed.length <= 255 && listed.length > 240);
    assert.match(listed, /^products=product-0,.*,product-\d+$/);
  });

  it("answers with all that a client needs in one packet", () => {
    const { answers, additionals } = ask("_VLMCS._tcp.local", "PTR");
    assert.deepEqual(typesOf(answers), ["PTR"]);
    assert.deepEqual(typesOf(additionals), ["SRV", "TXT", "A", "AAAA"]);
    assert.deepEqual(typesOf(ask("kms-box._vlmcs._tcp.local", "SRV").additionals), [
      "TXT",
      "A",
      "AAAA",
    ]);
    assert.deepEqual(typesOf(ask(BOX.target, "ANY").answers), ["A", "AAAA"]);
    assert.deepEqual(typesOf(ask("_services._dns-sd._udp.local", "PTR").additionals), []);
  });

  it("answers no question about others", () => {
    assert.deepEqual(ask("_http._tcp.local", "PTR"), { answers: [], additionals: [] });
    assert.deepEqual(ask("_vlmcs._tcp.local", "SRV"), { answers: [], additionals: [] });
  });

  it("sees a rival in another host of its name, and just one of two gives way", () => {
    const other = { ...BOX, target: "kms-ffffffffffff.local" };
    const [srv] = announcedRecords(other, []).filter(({ type }) => type === "SRV");
    const [own] = RECORDS.filter(({ type }) => type === "SRV");
    assert.ok(srv && own);
    assert.equal(isRivalOf(BOX, srv), true);
    assert.equal(isRivalOf(BOX, own), false);
    assert.equal(isRivalOf(BOX, { ...srv, ttl: 0 }), false);
    assert.deepEqual([givesWay(BOX, srv), givesWay(other, own)], [true, false]);
  });

  it("has names to try that are at most 63 bytes long, the last its own", () => {
    const names = instanceCandidates("kms.office.example", BOX.target);
    assert.deepEqual(names, ["kms", "kms (2)", "kms (3)", "kms kms-0123456789ab"]);
    assert.equal(instanceCandidates("", BOX.target)[0], "kms-box");
    for (const name of instanceCandidates("ü".repeat(64), BOX.target)) {
      assert.ok(Buffer.byteLength(name) <= 63, name);
    }
  });
});

/** A response with these records over the good ones. */
function response(records: readonly object[]) {
  const message = readMdnsMessage({
    id: 7,
    type: "response",
    questions: [],
    answers: RECORDS.slice(0, 1),
    additionals: [...RECORDS.slice(1), ...records],
  });
  assert.ok(message);
  return message;
}

describe("what others say on the link", () => {
  it("is a host with its addresses", () => {
    assert.deepEqual(servicesIn(response([]), "_vlmcs"), [
      {
        instance: "kms-box",
        target: "kms-0123456789ab.local",
        port: 1688,
        priority: 0,
        weight: 100,
        addresses: ["192.0.2.7", "2001:db8::7"],
      },
    ]);
    assert.deepEqual(servicesIn(response([]), "_other"), []);
  });

  it("leaves out addresses that lead nowhere or need an interface", () => {
    const others = ["127.0.0.1", "0.0.0.0", "224.0.0.251", "255.255.255.255"];
    const records = others.map((data) => ({ ...RECORDS[4], data }));
    for (const data of ["fe80::1", "::1", "::", "ff02::fb", "::ffff:127.0.0.1", "not:an address"]) {
      records.push({ ...RECORDS[5], data } as (typeof records)[0]);
    }
    const [found] = servicesIn(response(records), "_vlmcs");
    assert.deepEqual(found?.addresses, ["192.0.2.7", "2001:db8::7"]);
  });

  for (const [what, index, data] of [
    ["another version", 3, ["v=2"]],
    ["port 0", 2, { target: BOX.target, port: 0 }],
    ["a port that is none", 2, { target: BOX.target, port: 70_000 }],
    ["a target that is no name", 2, { target: "a b\n", port: 1688 }],
    ["no address", 4, "192.0.2"],
  ] as const) {
    it(`leaves out a host with ${what}`, () => {
      const answers = RECORDS.slice(0, 5).map((record, at) =>
        at === index ? { ...record, data } : record,
      );
      const message = readMdnsMessage({ id: 1, type: "response", answers });
      assert.ok(message);
      assert.deepEqual(servicesIn(message, "_vlmcs"), []);
    });
  }

  it("does not reach a terminal with control characters", () => {
    const name = "\u001b[2Jevil._vlmcs._tcp.local";
    const answers = RECORDS.map((record) => {
      if (record.type === "PTR") return { ...record, data: name };
      return record.type === "SRV" || record.type === "TXT" ? { ...record, name } : record;
    });
    const message = readMdnsMessage({ id: 1, type: "response", answers });
    assert.ok(message);
    assert.equal(servicesIn(message, "_vlmcs")[0]?.instance, "?[2Jevil");
  });

  it("is never more than it can be, whatever arrives", () => {
    const record = fc.record({
      name: fc.oneof(
        fc.constant("_vlmcs._tcp.local"),
        fc.constant("x._vlmcs._tcp.local"),
        fc.string(),
      ),
      type: fc.constantFrom("PTR", "SRV", "TXT", "A", "AAAA", "OPT", 7),
      ttl: fc.oneof(fc.nat(), fc.double(), fc.constant(undefined)),
      data: fc.oneof(
        fc.constant("x._vlmcs._tcp.local"),
        fc.constant({ target: "h.local", port: 1688 }),
        fc.constant(["v=1"]),
        fc.ipV4(),
        fc.ipV6(),
        fc.anything(),
      ),
    });
    const packet = fc.record({
      id: fc.oneof(fc.nat(), fc.anything()),
      type: fc.constantFrom("query", "response"),
      questions: fc.anything(),
      answers: fc.oneof(fc.array(record, { maxLength: 200 }), fc.anything()),
      additionals: fc.oneof(fc.array(record), fc.anything()),
    });
    fc.assert(
      fc.property(fc.oneof(packet, fc.anything()), (value) => {
        const message = readMdnsMessage(value);
        if (!message) return;
        assert.ok(message.answers.length <= 64 && message.additionals.length <= 64);
        for (const { port, addresses, target } of servicesIn(message, "_vlmcs")) {
          assert.ok(
            port >= 1 && port <= 65_535 && addresses.length > 0 && /^[\w.-]+$/.test(target),
          );
        }
      }),
    );
  });
});
