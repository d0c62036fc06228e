import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import sinon from "sinon";
import { HOUR_MS } from "../../src/domain/units.ts";
import { FrontDoor } from "../../src/web/front-door.ts";
import { SERVER, testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { Peer, post, type WebHost, webHost } from "../support/web.ts";

/** The header of a bind with the call id 0x11223344, and a body that does not matter. */
const bind = (drep: string, callId: string) =>
  Buffer.from(
    `05000b03${drep}50000000${callId}${"d016d016000000000100000000000100".repeat(4)}`,
    "hex",
  );
const LITTLE = bind("10000000", "44332211");
const BIG = bind("00000000", "11223344");

describe("the front door when it is crowded", () => {
  it("lets in who is new, in place of the oldest of whoever has most connections", async () => {
    const host = await testHost();
    const server = createServer((_request, response) => response.end("in"));
    const door = new FrontDoor(host.events, host.clock, { inAll: 6, perSource: 3 });
    door.guard(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const crowd: Socket[] = [];
    const enter = async (localAddress: string) => {
      const socket = connect({ port, host: "127.0.0.1", localAddress });
      socket.on("error", () => undefined);
      await once(socket, "connect");
      crowd.push(socket);
      return socket;
    };
    const few = await enter("127.0.0.4");
    const oldest = await enter("127.0.0.2");
    for (const source of ["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"]) await enter(source);
    const gone = once(oldest, "close");
    const stranger = await enter("127.0.0.5");
    stranger.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert.match(await text(stranger), /^HTTP\/1\.1 200 OK/);
    await gone;
    few.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert.match(await text(few), /^HTTP\/1\.1 200 OK/);
    for (const socket of crowd) socket.destroy();
    server.close();
  });
});

describe("the front door", () => {
  let web: WebHost;
  let peers: Peer[];
  beforeEach(async () => {
    web = await webHost(await testHost());
    peers = [];
  });
  afterEach(async () => {
    sinon.restore();
    for (const { socket } of peers) socket.destroy();
    await web.server.stop();
  });

  const knock = (port = web.port, host?: string) => {
    const peer = new Peer(port, host);
    peers.push(peer);
    return peer;
  };
  const named = () => web.host.events.named("foreign-protocol").map(({ details }) => details);

  for (const [order, packet, drep, callId] of [
    ["little-endian", LITTLE, "10000000", "44332211"],
    ["big-endian", BIG, "00000000", "11223344"],
  ] as const) {
    const length = order === "little-endian" ? "1800" : "0018";
    const nak = `05000d03${drep}${length}0000${callId}0000010500000000`;

    it(`answers a ${order} DCE/RPC bind with a bind_nak of its call id, and closes`, async () => {
      const peer = knock();
      await peer.send(packet);
      await peer.closed;
      assert.equal(peer.heard.toString("hex"), nak);
    });

    it(`does so for a ${order} bind that comes byte by byte`, async () => {
      const peer = knock();
      await peer.send(...[...packet].map((byte) => Uint8Array.of(byte)));
      await peer.closed;
      assert.equal(peer.heard.toString("hex"), nak);
    });
  }

  it("closes a connection that goes on talking DCE/RPC", async () => {
    const peer = knock();
    await peer.send(LITTLE, LITTLE, Buffer.alloc(60_000, 5));
    await peer.closed;
    assert.equal(peer.heard.length, 24);
  });

  const foreign: [string, string, Uint8Array[]][] = [
    ["tls", "a TLS ClientHello", [Buffer.from("16030100c8010000c40303", "hex")]],
    ["tls", "a TLS ClientHello in two pieces", [Uint8Array.of(0x16), Uint8Array.of(3, 1)]],
    ["unknown", "what begins like TLS only", [Uint8Array.of(0x16, 0x16)]],
    ["unknown", "garbage", [Buffer.from("\u0000\u0001garbage")]],
    ["unknown", "a method in small letters", [Buffer.from("get / HTTP/1.1")]],
    ["unknown", "another DCE/RPC packet", [Buffer.from("05000003", "hex")]],
    ["unknown", "another version of DCE/RPC", [Buffer.from("04000b", "hex")]],
  ];
  for (const [protocol, what, pieces] of foreign) {
    it(`closes on ${what} without a word, and names it`, async () => {
      const peer = knock();
      await peer.send(...pieces);
      await peer.closed;
      assert.equal(peer.heard.length, 0);
      assert.deepEqual(named(), [{ source: "127.0.0.1", protocol }]);
    });
  }

  it("names each source and protocol once an hour", async () => {
    const visit = async (packet: Uint8Array) => {
      const peer = knock();
      await peer.send(packet);
      await peer.closed;
    };
    for (const packet of [LITTLE, LITTLE, Buffer.from("?"), Buffer.from("?")]) await visit(packet);
    assert.deepEqual(
      named().map(({ protocol }) => protocol),
      ["dcerpc", "unknown"],
    );
    assert.match(web.host.events.all[0]?.message ?? "", /^127\.0\.0\.1 spoke DCE\/RPC/);
    web.host.clock.pass(HOUR_MS);
    await visit(LITTLE);
    assert.equal(named().length, 3);
  });

  it("closes a connection that says nothing for ten seconds", async () => {
    const time = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silent = knock();
    const hesitant = knock();
    hesitant.socket.write(Uint8Array.of(5));
    while (silent.socket.connecting || hesitant.socket.connecting) await new Promise(setImmediate);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    time.tick(9_999);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    assert.equal(silent.socket.destroyed, false);
    time.tick(1);
    await Promise.all([silent.closed, hesitant.closed]);
    assert.deepEqual(named(), []);
  });

  it("closes at once on who closes without having said anything", async () => {
    const peer = knock();
    peer.socket.end();
    await peer.closed;
    assert.equal(peer.heard.length, 0);
  });

  it("survives who resets the connection", async () => {
    for (const packet of [LITTLE, Buffer.from("GET /"), Uint8Array.of(5)]) {
      const peer = knock();
      await peer.send(packet);
      peer.socket.resetAndDestroy();
      await peer.closed;
    }
    assert.equal((await fetch(web.url("/v1/health"))).status, 200);
  });

  it("lets HTTP through however its first bytes are cut", async () => {
    const token = await web.host.request(signerOf("client"), { product: SERVER.id });
    const request = post(token, { Connection: "close" });
    const peer = knock();
    await peer.send(...request.slice(0, 20).split(""), request.slice(20, 300), request.slice(300));
    await peer.closed;
    assert.match(peer.text, /^HTTP\/1.1 200 OK\r\n/);
    assert.match(peer.text, /"count":1/);
  });

  it("answers who closes its half right after the request", async () => {
    const peer = knock();
    peer.socket.end("GET /v1/health HTTP/1.1\r\nHost: h\r\n\r\n");
    await peer.closed;
    assert.match(peer.text, /^HTTP\/1.1 200 OK\r\n/);
  });

  it("takes 256 connections from one address and no more, until one is gone", async () => {
    const open = Array.from({ length: 256 }, () => knock());
    await Promise.all(
      open.map(({ socket }) => new Promise((resolve) => socket.once("connect", resolve))),
    );
    const refused = knock();
    await refused.closed;
    const [first] = open;
    first?.socket.destroy();
    await first?.closed;
    for (;;) {
      const peer = knock();
      await peer.send("GET /v1/health HTTP/1.0\r\n\r\n");
      await peer.closed;
      if (peer.text.includes("200 OK")) break;
    }
  });

  it("forgets the address of a connection that is gone", async () => {
    for (let n = 0; n < 300; n++) {
      const peer = knock();
      peer.socket.end("?");
      await peer.closed;
    }
    assert.equal((await fetch(web.url("/v1/health"))).status, 200);
  });
});
