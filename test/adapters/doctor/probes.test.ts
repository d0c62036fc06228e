import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { HttpHostMeeter } from "../../../src/adapters/doctor/http-host-meeter.ts";
import { ResolverNameLookup } from "../../../src/adapters/doctor/resolver-name-lookup.ts";
import { sntpAhead, sntpRequest } from "../../../src/adapters/doctor/sntp-message.ts";
import { SntpTimeServers } from "../../../src/adapters/doctor/sntp-time-servers.ts";
import { HOUR_MS } from "../../../src/domain/units.ts";
import { askNameServer } from "../../../src/platform/network/name-servers.ts";
import { FakeHost } from "../../support/fake-host.ts";
import { freePort } from "../../support/free-port.ts";
import { RawServer } from "../../support/raw-server.ts";
import { TinyDns } from "../../support/tiny-dns.ts";

const HERE = "127.0.0.1";

describe("meeting a host", () => {
  let host: FakeHost;
  let dns: TinyDns;
  const meeter = new HttpHostMeeter(new ResolverNameLookup());
  before(async () => {
    host = await FakeHost.start();
    dns = await TinyDns.start();
    dns.a.set("kms.office.test", HERE);
  });
  beforeEach(() => {
    host.behaviour = {};
  });
  after(() => Promise.all([host.stop(), dns.stop()]));

  const meet = () => meeter.meet({ target: HERE, port: host.port });

  it("tells who it is and what time it has", async () => {
    const meeting = await meet();
    assert.ok(meeting.kind === "host");
    assert.equal(meeting.thumbprint, host.host.thumbprint);
    assert.ok(Math.abs(meeting.timeMs - Date.now()) < 2000);
  });

  it("asks a name server of one's choice for its address", async () => {
    const server = dns.address.replace(":", "#");
    const place = { target: "kms.office.test", port: host.port };
    assert.equal((await meeter.meet(place, server)).kind, "host");
    const nobody = { target: "none.office.test", port: host.port };
    assert.deepEqual(await meeter.meet(nobody, server), { kind: "no-address" });
  });

  it("knows a stranger, in HTTP or not", async () => {
    const answers: [status: number, body: string][] = [
      [200, "<html>"],
      [200, "{}"],
      [404, "{}"],
      [200, `"${"x".repeat(300_000)}"`],
    ];
    for (const [status, body] of answers) {
      host.behaviour = { answer: (_request, response) => response.writeHead(status).end(body) };
      assert.deepEqual(await meet(), { kind: "stranger" }, body.slice(0, 10));
    }
    const server = await listening((socket) => socket.end("\u0005\u0000\r\n\r\n"));
    assert.deepEqual(await meeter.meet(server.place), { kind: "stranger" });
    server.close();
  });

  it("takes a host that switches protocols for a stranger, and waits no longer", async () => {
    const switching =
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: foo\r\nconnection: upgrade\r\n\r\n";
    const raw = await RawServer.answering(switching);
    try {
      const waited = sleep(2000, "never", { ref: false });
      assert.deepEqual(await Promise.race([meeter.meet(raw.place), waited]), { kind: "stranger" });
    } finally {
      await raw.stop();
    }
  });

  it("asks no other port in place of port 0, and knows that the root is no host", async () => {
    const why = "there is no such address or port";
    assert.deepEqual(await meeter.meet({ target: HERE, port: 0 }), { kind: "silent", why });
    const server = dns.address.replace(":", "#");
    const root = await meeter.meet({ target: ".", port: host.port }, server);
    assert.deepEqual(root, { kind: "no-address" });
  });

  it("says why nobody answered", async () => {
    const port = await freePort();
    const refused = await meeter.meet({ target: HERE, port });
    assert.deepEqual(refused, { kind: "silent", why: "nothing listens there" });
    const closing = await listening((socket) => socket.destroy());
    assert.equal((await meeter.meet(closing.place)).kind, "silent");
    closing.close();
  });

  it("does not wait for long", async () => {
    const mute = await listening(() => undefined);
    const meeting = await meeter.meet(mute.place);
    assert.deepEqual(meeting, { kind: "silent", why: "it does not answer within 3 s" });
    mute.close();
  }).timeout(5000);
});

async function listening(serve: Parameters<typeof createServer>[1] & object) {
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    serve(socket);
  });
  server.listen(0, HERE);
  await once(server, "listening");
  const place = { target: HERE, port: (server.address() as AddressInfo).port };
  return { place, close: () => server.close() };
}

describe("asking name servers for the hosts under a name", () => {
  const NAME = "_vlmcs._tcp.office.test";
  const share = { priority: 0, weight: 100 };
  let dns: TinyDns;
  before(async () => {
    dns = await TinyDns.start();
  });
  beforeEach(() => {
    dns.failure = 0;
    dns.srv.clear();
  });
  after(() => dns.stop());

  const server = () => dns.address.replace(":", "#");
  const ask = () => new ResolverNameLookup(async () => [server()]).hostsUnder(NAME);

  it("tells each of them, in the form in which names are compared", async () => {
    const found = ["KMS.office.test", "old.office.test"];
    dns.srv.set(
      NAME,
      found.map((target) => ({ target, port: 1688, ...share })),
    );
    const [answer] = await ask();
    assert.deepEqual([answer?.server, answer?.answer], [server(), "found"]);
    assert.deepEqual(
      new Set(answer?.places.map(({ target }) => target)),
      new Set(["kms.office.test", "old.office.test"]),
    );
    assert.deepEqual(await new ResolverNameLookup().hostsUnder(NAME, server()), await ask());
  });

  it("knows that there is none, and that none is offered", async () => {
    assert.deepEqual(await ask(), [{ server: server(), answer: "none", places: [] }]);
    dns.srv.set(NAME, [{ target: "", port: 0, ...share }]);
    assert.deepEqual(await ask(), [{ server: server(), answer: "none", places: [] }]);
  });

  it("knows a server that refuses, one that fails, and one that is silent", async () => {
    dns.failure = 5;
    assert.equal((await ask())[0]?.answer, "refused");
    dns.failure = 2;
    assert.equal((await ask())[0]?.answer, "fails");
    const mute = await udp(() => null);
    const others = [`${HERE}#${mute.port}`, "no address"];
    const answers = await new ResolverNameLookup(async () => others).hostsUnder(NAME);
    assert.deepEqual(
      answers.map(({ answer }) => answer),
      ["silent", "silent"],
    );
    mute.socket.close();
  }).timeout(12_000);

  it("asks three servers of a longer list, as a resolver does, and none of an empty one", async () => {
    const listed = async () => Array.from({ length: 5 }, server);
    assert.equal((await new ResolverNameLookup(listed).hostsUnder(NAME)).length, 3);
    assert.deepEqual(await new ResolverNameLookup(async () => []).hostsUnder(NAME), []);
  });
});

describe("asking a name server whether it is there", () => {
  it("takes any answer for a yes", async () => {
    const dns = await TinyDns.start();
    const answer = await askNameServer(dns.address, "office.test");
    assert.deepEqual(answer, { server: dns.address, answer: "answers" });
    assert.equal((await askNameServer(dns.address, ".")).answer, "answers");
    await dns.stop();
  });

  it("knows where nothing listens, where nobody answers, and what is no address", async () => {
    const closed = `${HERE}:${await freePort()}`;
    const mute = await udp(() => null);
    assert.equal((await askNameServer(closed, "office.test")).answer, "nothing-listens");
    assert.equal((await askNameServer(`${HERE}:${mute.port}`, "office.test")).answer, "silent");
    assert.equal((await askNameServer("no address", "office.test")).answer, "silent");
    mute.socket.close();
  }).timeout(8000);

  it("knows one that cannot look names up", async () => {
    const failing = await udp((query) => {
      const answer = Buffer.from(query);
      answer.writeUInt16BE(0x8182, 2);
      return answer;
    });
    const { answer } = await askNameServer(`${HERE}:${failing.port}`, "office.test");
    assert.equal(answer, "fails");
    failing.socket.close();
  }).timeout(8000);
});

describe("asking a time server", () => {
  const NOW_MS = Date.UTC(2030, 0, 1);
  /** The answer of a server whose clock is ahead by that much. */
  const reply = (query: Buffer, timeMs: number, stratum = 2): Buffer => {
    const answer = sntpRequest(timeMs);
    answer.writeUInt8(0x24, 0);
    answer.writeUInt8(stratum, 1);
    query.copy(answer, 24, 40, 48);
    answer.copy(answer, 32, 40, 48);
    return answer;
  };

  it("tells how far the clock is ahead of it, half the way there and back allowed for", () => {
    const request = sntpRequest(NOW_MS);
    const answer = reply(request, NOW_MS + 5 * HOUR_MS + 100);
    assert.equal(sntpAhead(answer, request, NOW_MS, NOW_MS + 200), -5 * HOUR_MS);
    assert.equal(sntpAhead(reply(request, NOW_MS), request, NOW_MS, NOW_MS), 0);
  });

  it("takes times after February 2036 for what they are", () => {
    const laterMs = Date.UTC(2040, 0, 1);
    const request = sntpRequest(laterMs);
    assert.equal(sntpAhead(reply(request, laterMs - 1000), request, laterMs, laterMs), 1000);
  });

  it("does not believe what is no answer, or knows no time itself", () => {
    const request = sntpRequest(NOW_MS);
    const good = reply(request, NOW_MS);
    const spoilt = (change: (answer: Buffer) => void) => {
      const answer = Buffer.from(good);
      change(answer);
      return sntpAhead(answer, request, NOW_MS, NOW_MS);
    };
    assert.equal(
      spoilt((answer) => answer.writeUInt8(0x23, 0)),
      null,
    );
    assert.equal(
      spoilt((answer) => answer.writeUInt8(0xe4, 0)),
      null,
    );
    assert.equal(
      spoilt((answer) => answer.writeUInt8(0, 1)),
      null,
    );
    assert.equal(
      spoilt((answer) => answer.writeUInt8(16, 1)),
      null,
    );
    assert.equal(
      spoilt((answer) => answer.writeUInt8(1, 31)),
      null,
    );
    assert.equal(sntpAhead(good.subarray(0, 47), request, NOW_MS, NOW_MS), null);
  });

  it("takes two seconds at most, whatever the server does", async () => {
    const server = await udp((query) => reply(query, Date.now() - HOUR_MS));
    const ask = (port: number, name = HERE) => new SntpTimeServers({ servers: [name], port }).ask();
    const [heard] = await ask(server.port);
    assert.ok(Math.abs((heard?.aheadMs ?? 0) - HOUR_MS) < 1000);
    server.socket.close();
    const mute = await udp(() => null);
    const beganMs = performance.now();
    assert.deepEqual(await ask(mute.port), [{ server: HERE, aheadMs: null }]);
    assert.ok(performance.now() - beganMs < 3000);
    mute.socket.close();
    assert.equal((await ask(await freePort()))[0]?.aheadMs, null);
    assert.equal((await ask(1, "none.invalid"))[0]?.aheadMs, null);
  }).timeout(10_000);

  it("asks nobody where none is set", async () => {
    assert.deepEqual(await new SntpTimeServers({ servers: [] }).ask(), []);
  });
});

/** A server on UDP; it does not answer where `answer` gives null. */
async function udp(
  answer: (query: Buffer) => Buffer | null,
): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const reply = answer(query);
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, HERE);
  await once(socket, "listening");
  return { socket, port: socket.address().port };
}
