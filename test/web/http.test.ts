import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { Peer, post, type WebHost, webHost } from "../support/web.ts";

const PATIENCE = {
  headersTimeout: 150,
  requestTimeout: 300,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 50,
};

describe("HTTP at the front door", () => {
  let web: WebHost;
  let peers: Peer[];
  beforeEach(async () => {
    web = await webHost(await testHost(), PATIENCE);
    peers = [];
  });
  afterEach(async () => {
    for (const { socket } of peers) socket.destroy();
    await web.server.stop();
  });

  const knock = () => {
    const peer = new Peer(web.port);
    peers.push(peer);
    return peer;
  };
  const statuses = (peer: Peer) =>
    [...peer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  const ask = async (...pieces: string[]) => {
    const peer = knock();
    await peer.send(...pieces);
    await peer.closed;
    return peer;
  };

  it("keeps a connection for more requests", async () => {
    const peer = knock();
    for (let n = 1; n <= 3; n++) {
      await peer.send(post("x"));
      await peer.answers(n);
    }
    assert.deepEqual(statuses(peer), [400, 400, 400]);
    assert.equal(peer.socket.destroyed, false);
  });

  it("answers pipelined requests in their order", async () => {
    const token = await web.host.request(signerOf("client"));
    const peer = await ask(
      `${post(token)}${post("x")}${post("{}", { "Content-Type": "text/plain" })}` +
        "GET /v1/health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    );
    assert.deepEqual(statuses(peer), [409, 400, 415, 200]);
  });

  it("reads a body that is split over packets", async () => {
    const token = await web.host.request(signerOf("client"));
    const request = post(token, { Connection: "close" });
    const peer = await ask(request.slice(0, -300), request.slice(-300, -10), request.slice(-10));
    assert.deepEqual(statuses(peer), [409]);
  });

  it("reads a body in chunks", async () => {
    const token = await web.host.request(signerOf("client"));
    const cut = 100;
    const chunks = [token.slice(0, cut), token.slice(cut), ""].map(
      (chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`,
    );
    const head =
      "POST /v1/activations HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" +
      "Content-Type: application/jose\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert.deepEqual(statuses(await ask(head, ...chunks)), [409]);
  });

  it("answers 413 to chunks over 8 KiB", async () => {
    const head =
      "POST /v1/activations HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" +
      "Content-Type: application/jose\r\nTransfer-Encoding: chunked\r\n\r\n";
    const peer = await ask(head, `2001\r\n${"x".repeat(8193)}\r\n0\r\n\r\n`);
    assert.deepEqual(statuses(peer), [413]);
    assert.match(peer.text, /urn:kms-box:problem:too-large/);
  });

  it("answers 413 to a body announced over 8 KiB without reading it", async () => {
    const peer = knock();
    await peer.send(post("x", { "Content-Length": "1000000000" }));
    await peer.answers(1);
    assert.deepEqual(statuses(peer), [413]);
  });

  it("answers 415 to a body without a media type", async () => {
    const peer = await ask(
      "POST /v1/activations HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
    );
    assert.deepEqual(statuses(peer), [415]);
  });

  it("answers 400 to a request without a body", async () => {
    const peer = await ask(
      "POST /v1/activations HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
      "",
    );
    assert.deepEqual(statuses(peer), [400]);
    assert.match(peer.text, /malformed-request/);
  });

  it("speaks HTTP/1.0, and closes after its answer", async () => {
    const peer = await ask("GET /v1/health HTTP/1.0\r\n\r\n");
    assert.deepEqual(statuses(peer), [200]);
    assert.match(peer.text, /\r\nConnection: close\r\n/i);
  });

  const broken: [string, string, number][] = [
    ["no HTTP at all", "HELO there\r\n\r\n", 400],
    ["a broken header", "GET / HTTP/1.1\r\nno colon\r\n\r\n", 400],
    ["two lengths", post("x", { "content-length": "2" }), 400],
    ["a length and chunks", post("x", { "Transfer-Encoding": "chunked" }), 400],
    ["another version", "GET / HTTP/9.9\r\n\r\n", 400],
    ["too many headers", `GET / HTTP/1.1\r\nX: ${"x".repeat(9000)}\r\n\r\n`, 431],
    ["no host", "GET /v1/health HTTP/1.1\r\n\r\n", 400],
  ];
  for (const [what, text, status] of broken) {
    it(`answers ${status} to ${what}, and closes`, async () => {
      const peer = await ask(text);
      assert.deepEqual(statuses(peer), [status]);
      assert.match(peer.text, /\r\nConnection: close\r\n/i);
    });
  }

  it("tells what is no HTTP so as a problem", async () => {
    const peer = await ask("HELO there\r\n\r\n");
    const [head = "", body = ""] = peer.text.split("\r\n\r\n");
    assert.match(head, /\r\nContent-Type: application\/problem\+json\r\n/);
    assert.equal(JSON.parse(body).type, "urn:kms-box:problem:malformed-request");
    assert.equal(Number(/Content-Length: (\d+)/.exec(head)?.[1]), body.length);
  });

  it("answers 408 to a head or body that does not come to its end in time", async () => {
    const [head, body] = await Promise.all([
      ask("GET /v1/health HTTP/1.1\r\nHost:"),
      ask(post("x", { "Content-Length": "2" })),
    ]);
    assert.deepEqual(statuses(head), [408]);
    assert.deepEqual(statuses(body), [408]);
    assert.match(body.text, /"type":"about:blank","title":"Request Timeout","status":408/);
  });

  it("answers 408 to a body that trickles", async () => {
    const peer = knock();
    peer.socket.write(post("", { "Content-Length": "500" }));
    const trickle = setInterval(() => peer.socket.write("x"), 20);
    await peer.closed;
    clearInterval(trickle);
    assert.deepEqual(statuses(peer), [408]);
  });

  it("goes on for others while one peer is slow", async () => {
    const slow = knock();
    await slow.send("GET /v1/he");
    assert.equal((await fetch(web.url("/v1/health"))).status, 200);
    slow.socket.destroy();
  });
});

describe("the end of the HTTP service", () => {
  let web: WebHost;
  let peers: Peer[];
  beforeEach(async () => {
    web = await webHost(await testHost());
    peers = [];
  });
  afterEach(async () => {
    for (const { socket } of peers) socket.destroy();
    await web.server.stop();
  });

  const knock = () => {
    const peer = new Peer(web.port);
    peers.push(peer);
    return peer;
  };
  const stop = async () => {
    const begun = performance.now();
    await web.server.stop();
    return performance.now() - begun;
  };

  it("answers what was accepted, on a connection that would be kept, and ends with it", async () => {
    const peer = knock();
    web.host.store.hold();
    await peer.send(post(await web.host.request(signerOf("client"))));
    while (web.host.store.waiting === 0) await sleep(1);
    const stopped = stop();
    await sleep(20);
    assert.equal(peer.text, "");
    await assert.rejects(fetch(web.url("/v1/health")));
    web.host.store.release();
    assert.ok((await stopped) < 1000);
    await peer.closed;
    assert.match(peer.text, /^HTTP\/1.1 409 Conflict\r\n/);
    assert.match(peer.text, /\r\nconnection: close\r\n/i);
  });

  it("does not wait for connections on which nothing is under way", async () => {
    const [silent, idle] = [knock(), knock()];
    await idle.send("GET /v1/health HTTP/1.1\r\nHost: h\r\n\r\n");
    await idle.answers(1);
    assert.ok((await stop()) < 1000);
    await Promise.all([silent.closed, idle.closed]);
  });

  it("comes in under five seconds with a connection that is stuck", async () => {
    const stuck = knock();
    await stuck.send(post("x", { "Content-Length": "100", Expect: "100-continue" }));
    // Not before the server has begun to wait for the rest.
    while (!stuck.text.includes("100 Continue")) await sleep(1);
    const took = await stop();
    assert.ok(took > 2500 && took < 4500, `${took} ms`);
    await stuck.closed;
  }).timeout(10_000);

  it("can be asked for without a beginning", async () => {
    await stop();
    assert.ok((await stop()) < 100);
  });
});
