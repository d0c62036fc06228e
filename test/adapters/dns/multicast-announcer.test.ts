import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import Bonjour from "bonjour-service";
import { MulticastAnnouncer } from "../../../src/adapters/dns/multicast-announcer.ts";
import { NodeTimers } from "../../../src/adapters/system/node-clock.ts";
import { announcedRecords } from "../../../src/domain/dns-sd.ts";
import { servicesIn } from "../../../src/domain/dns-sd-reading.ts";
import { type LinkInterface, linkInterfaces } from "../../../src/platform/mdns-link.ts";
import { MdnsFailedError } from "../../../src/ports/mdns.ts";
import { LOOPBACK, mdnsPort, Neighbour, until } from "../../support/mdns-rig.ts";

const WHAT = {
  service: "_vlmcs",
  target: "kms-aaaaaaaaaaaa.local",
  port: 1688,
  txt: ["v=1", "host=x", "products=editor"],
};
/** Loopback addresses are left out of what is found, so that another stands for this machine. */
const LINK: LinkInterface = { ...LOOPBACK, cidrs: ["127.0.0.1/8", "192.0.2.7/24"] };
const QUESTION = {
  type: "query",
  questions: [{ name: "_vlmcs._tcp.local", type: "PTR" }],
} as const;

describe("announcing by multicast DNS", () => {
  let port: number;
  let neighbour: Neighbour;
  const announcers: MulticastAnnouncer[] = [];

  const announcer = (links: () => LinkInterface[] = () => [LINK]) => {
    const made = new MulticastAnnouncer({ timers: new NodeTimers(), random: () => 0, links, port });
    announcers.push(made);
    return made;
  };

  beforeEach(async () => {
    port = mdnsPort();
    neighbour = await Neighbour.join(port);
  });

  afterEach(async () => {
    await Promise.all(announcers.splice(0).map((each) => each.withdraw()));
    await neighbour.leave();
  });

  it("asks three times whether its name is free, and then tells everybody", async () => {
    const announced = await announcer().announce(WHAT, ["box", "box (2)"]);
    assert.deepEqual(announced, { instance: "box", interfaces: ["lo"] });
    await until(() => neighbour.responses.length > 0);
    const probes = neighbour.heard.filter(({ isResponse }) => !isResponse);
    assert.deepEqual(
      probes.map(({ questions }) => questions),
      Array(3).fill([{ name: "box._vlmcs._tcp.local", type: "ANY" }]),
    );
    const [told] = neighbour.responses;
    assert.equal(told && servicesIn(told, "_vlmcs")[0]?.instance, "box");
  });

  it("answers to all who listen, and not to those who know", async () => {
    await announcer().announce(WHAT, ["box"]);
    await until(() => neighbour.responses.length > 0);
    neighbour.heard.length = 0;
    const known = announcedRecords({ ...WHAT, instance: "box" }, []).slice(0, 1);
    await neighbour.say({ ...QUESTION, answers: known });
    await neighbour.say(QUESTION);
    await until(() => neighbour.responses.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(neighbour.responses.filter(({ answers }) => answers.length === 1).length, 1);
  });

  it("answers a plain asker alone, with its question and short times (RFC 6762 section 6.7)", async () => {
    await announcer().announce(WHAT, ["box"]);
    await until(() => neighbour.responses.length > 0);
    neighbour.heard.length = 0;
    const asker = await Neighbour.join(port, "ask");
    try {
      await asker.say({ ...QUESTION, id: 4711 });
      await until(() => asker.heard.length > 0);
      const [answer] = asker.heard;
      assert.equal(answer?.id, 4711);
      assert.deepEqual(answer?.questions, QUESTION.questions);
      const records = [...(answer?.answers ?? []), ...(answer?.additionals ?? [])];
      assert.ok(records.length >= 4 && records.every(({ ttl, flush }) => ttl <= 10 && !flush));
      assert.equal(neighbour.responses.length, 0);
    } finally {
      await asker.leave();
    }
  });

  it("answers no more than twenty questions a second", async () => {
    await announcer().announce(WHAT, ["box"]);
    const asker = await Neighbour.join(port, "ask");
    try {
      for (let id = 1; id <= 200; id++) await asker.say({ ...QUESTION, id });
      await until(() => asker.heard.length >= 20);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(asker.heard.length, 20);
    } finally {
      await asker.leave();
    }
  });

  it("takes another name where its own is taken", async () => {
    const first = announcer();
    await first.announce(WHAT, ["box", "box (2)"]);
    const second = announcer();
    const other = { ...WHAT, target: "kms-bbbbbbbbbbbb.local" };
    assert.equal((await second.announce(other, ["box", "box (2)"])).instance, "box (2)");
  });

  it("lets one of two give way that took the name at once", async () => {
    const both = [announcer(), announcer()] as const;
    const others = [WHAT, { ...WHAT, target: "kms-bbbbbbbbbbbb.local" }] as const;
    const before = both.map((each) => each.situation());
    await Promise.all(both.map((each, at) => each.announce(others[at as 0 | 1], ["box", "box 2"])));
    // As a rule the first, whose record is the lesser; the second where it was still asking.
    const isContested = (at: 0 | 1) => both[at].situation() !== before[at];
    await until(() => isContested(0) || isContested(1));
    const at = isContested(0) ? 0 : 1;
    const { instance } = await both[at].announce(others[at], ["box", "box 2"]);
    assert.equal(instance, "box 2");
  });

  it("is understood by another program's browser, and its goodbye too", async () => {
    const where = { port, interface: LINK.handle, bind: "0.0.0.0" };
    const browsing = new Bonjour(where);
    const seen: string[] = [];
    try {
      const browser = browsing.find({ type: "vlmcs" });
      browser.on("up", ({ name, host, port: at, txt, addresses }) =>
        seen.push(`${name} ${host}:${at} ${txt.products} ${addresses?.join(" ")}`),
      );
      browser.on("down", ({ name }) => seen.push(`${name} left`));
      const leaving = announcer();
      await leaving.announce(WHAT, ["box"]);
      await until(() => seen.length > 0);
      assert.deepEqual(seen, ["box kms-aaaaaaaaaaaa.local:1688 editor 127.0.0.1 192.0.2.7"]);
      await leaving.withdraw();
      await until(() => seen.includes("box left"));
    } finally {
      await new Promise((resolve) => browsing.destroy(resolve));
    }
  });

  it("says goodbye at the end", async () => {
    const leaving = announcer();
    await leaving.announce(WHAT, ["box"]);
    await until(() => neighbour.responses.length > 0);
    neighbour.heard.length = 0;
    await leaving.withdraw();
    await until(() => neighbour.responses.length > 0);
    const told = neighbour.responses.flatMap(({ answers }) => answers);
    assert.ok(told.length >= 4 && told.every(({ ttl }) => ttl === 0));
    await neighbour.say(QUESTION);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual(neighbour.responses.flatMap(({ answers }) => answers).length, told.length);
  });

  it("leaves nothing open when it is stopped while it begins", async () => {
    for (const afterMs of [0, 1, 5, 100, 300]) {
      const hasty = announcer();
      const begun = hasty.announce(WHAT, ["box", "box (2)"]);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await hasty.withdraw();
      assert.deepEqual((await begun).interfaces, []);
    }
  });

  it("announces nothing on a machine without a network, and that is no failure", async () => {
    const announced = await announcer(() => []).announce(WHAT, ["box", "box (2)"]);
    assert.deepEqual(announced, { instance: "box", interfaces: [] });
  });

  it("goes on where one link of two cannot be used, and fails where none can", async () => {
    const gone = { ...LINK, name: "gone0", handle: "192.0.2.99" };
    const partly = await announcer(() => [gone, LINK]).announce(WHAT, ["box"]);
    assert.deepEqual(partly.interfaces, ["lo"]);
    await assert.rejects(announcer(() => [gone]).announce(WHAT, ["box"]), MdnsFailedError);
  });

  it("says that the port is taken by a program that does not share it", async () => {
    await neighbour.leave();
    const taker = createSocket("udp4");
    taker.bind(port, "0.0.0.0");
    await once(taker, "listening");
    try {
      await assert.rejects(announcer().announce(WHAT, ["box"]), /Port 5353 is in use/);
    } finally {
      taker.close();
    }
  });

  it("sees in its situation that addresses changed", () => {
    const links = [LINK];
    const watching = announcer(() => links);
    const before = watching.situation();
    assert.equal(watching.situation(), before);
    links[0] = { ...LINK, cidrs: ["198.51.100.7/24"] };
    assert.notEqual(watching.situation(), before);
  });

  it("survives every kind of packet", async () => {
    await announcer().announce(WHAT, ["box"]);
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    socket.setMulticastInterface("127.0.0.1");
    for (let size = 0; size < 400; size++) {
      const noise = Buffer.from(
        Array.from({ length: size }, () => Math.floor(Math.random() * 256)),
      );
      await new Promise((resolve) => socket.send(noise, port, "224.0.0.251", resolve));
    }
    await neighbour.say({ type: "response", answers: [] });
    socket.close();
    neighbour.heard.length = 0;
    await neighbour.say(QUESTION);
    await until(() => neighbour.responses.length > 0);
  });
});

describe("the links of this machine", () => {
  const look = (family: "IPv4" | "IPv6", address: string, internal = false) => {
    const prefix = family === "IPv4" ? 24 : 64;
    const base = { address, netmask: "", mac: "", internal, cidr: `${address}/${prefix}` };
    return family === "IPv4" ? { ...base, family } : { ...base, family, scopeid: 3 };
  };

  it("are those that lead elsewhere, by IPv4 where they have it", () => {
    const links = linkInterfaces(() => ({
      lo: [look("IPv4", "127.0.0.1", true)],
      eth0: [look("IPv6", "fe80::1"), look("IPv4", "192.0.2.7")],
      eth1: [look("IPv6", "2001:db8::7")],
    }));
    assert.deepEqual(
      links.map(({ name, family, handle }) => [name, family, handle]),
      [
        ["eth0", "udp4", "192.0.2.7"],
        ["eth1", "udp6", process.platform === "win32" ? "::%3" : "::%eth1"],
      ],
    );
  });

  it("are none where the system does not tell", () => {
    const forbid = () => {
      throw new Error("uv_interface_addresses");
    };
    assert.deepEqual(linkInterfaces(forbid), []);
  });
});
