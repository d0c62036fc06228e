import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { HOUR_MS } from "../../../src/domain/units.ts";
import { panelFacts } from "../../support/panel-facts.ts";
import { Peer } from "../../support/web.ts";
import { StatusRig } from "./status-rig.ts";

const PATHS = ["/", "/?range=1y", "/history.json", "/panel.json"];

describe("the status page", () => {
  let rig: StatusRig;
  beforeEach(async () => {
    rig = await StatusRig.start();
  });
  afterEach(() => rig.stop());

  it("says everything in its text alone", async () => {
    const page = await (await fetch(rig.url("/"))).text();
    for (const told of [
      "Are we activating?",
      "And next week?",
      "<strong>0</strong> of 2",
      "_vlmcs._tcp.office.example",
      "Trusted",
      "Until ",
      "47 °C",
      "version 0.1.0",
      'aria-label="The box\'s display: Example Desktop, 31 of 25, ACTIVATING"',
      'href="https://127.0.0.1:8443/"',
      '<noscript><meta http-equiv="refresh"',
    ]) {
      assert.ok(page.includes(told), told);
    }
  });

  it("loads nothing from elsewhere, and may not", async () => {
    for (const path of [...PATHS, "/none", "/assets/none.js"]) {
      const answer = await fetch(rig.url(path));
      const policy = answer.headers.get("content-security-policy") ?? "";
      assert.match(policy, /^default-src 'none';script-src 'self';style-src 'self'/);
      assert.match(policy, /form-action 'none';frame-ancestors 'none'$/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
      assert.equal(answer.headers.get("x-frame-options"), "DENY");
      assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
      assert.equal(answer.headers.get("strict-transport-security"), null);
      assert.equal(answer.headers.get("set-cookie"), null);
      assert.equal(answer.headers.get("access-control-allow-origin"), null);
    }
    const page = await (await fetch(rig.url("/"))).text();
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? "");
    const scripts = loaded.filter((url) => /\.(js|css)$/.test(url));
    assert.ok(scripts.length >= 2 && scripts.every((url) => url.startsWith("/assets/")));
    assert.doesNotMatch(page, / on[a-z]+=|<script(?![^>]* src=)|style="/);
  });

  it("keeps no place for pages that were asked for behind one another on a connection", async () => {
    for (let round = 0; round < 20; round++) {
      const peer = new Peer(rig.port);
      await peer.send(Buffer.from("GET /events HTTP/1.1\r\nHost: a\r\n\r\n".repeat(4)));
      await peer.closed;
    }
    const open = Array.from({ length: 32 }, () => new Peer(rig.port));
    for (const peer of open) {
      await peer.send(Buffer.from("GET /events HTTP/1.1\r\nHost: a\r\n\r\n"));
      while (!peer.text.includes("\r\n\r\n")) await sleep(5);
      assert.match(peer.text, /^HTTP\/1\.1 200/);
    }
    for (const { socket } of open) socket.destroy();
  });

  it("can be read, and nothing else", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      for (const path of ["/", "/none", "/events"]) {
        const answer = await fetch(rig.url(path), { method });
        assert.equal(answer.status, 405, `${method} ${path}`);
        assert.equal(answer.headers.get("allow"), "GET, HEAD");
      }
    }
    const head = await fetch(rig.url("/"), { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    assert.equal((await fetch(rig.url("/api/v1/status"))).status, 404);
    assert.equal((await fetch(rig.url("/history.json?range=9y"))).status, 400);
    assert.equal((await fetch(rig.url("/?range=9y"))).status, 200);
  });

  it("escapes whatever it tells", async () => {
    const { network } = panelFacts();
    const evil = `"><script>alert(1)</script>`;
    rig.facts = {
      network: { ...network, hostname: evil },
      dns: { state: "failed", record: evil, reason: evil },
      faults: [{ level: "fault", code: "x", title: evil, nextStep: evil }],
    };
    const page = await (await fetch(rig.url("/"))).text();
    assert.doesNotMatch(page, /<script>/i);
    assert.match(page, /&lt;script&gt;/);
    const host = await ask(rig, "/", { host: `x"><script>alert(2)</script>` });
    assert.doesNotMatch(host, /alert\(2\)/);
  });

  it("shows how the count went, also where there is no script", async () => {
    const startMs = rig.host.clock.nowMs() - 2 * HOUR_MS;
    const bucket = { least: 20, most: 26, last: 25, activating: false };
    rig.applications = [
      {
        application: "office",
        products: [{ name: "Writer", threshold: 25 }],
        parts: [{ bucketMs: HOUR_MS, buckets: [{ startMs, ...bucket }] }],
      },
    ];
    const page = await (await fetch(rig.url("/"))).text();
    assert.match(page, /between 20 and 26 in the last 24 hours, not activated at any time/);
    assert.match(page, /<path class="band" d="M6\d\d\.\d /);
    const answer = (await (await fetch(rig.url("/history.json"))).json()) as {
      applications: [{ parts: [{ bucketSeconds: number; runs: number[][] }] }];
    };
    const [part] = answer.applications[0].parts;
    assert.deepEqual(part.runs, [[startMs / HOUR_MS, 1, 20, 26, 25, 0]]);
    assert.equal(part.bucketSeconds, 3600);
  });

  it("names no machine and no CMID, whatever is asked for", async () => {
    const marked = "pc-marked";
    const fault = { level: "attention", code: "clones", title: "CLONES" } as const;
    const facts = {
      clients: { total: 1, last: { hostname: marked, atMs: 0 }, lapsingSoon: 0 },
      faults: [{ ...fault, nextStep: `${marked} is there twice`, namesMachines: true }],
    };
    rig.facts = facts;
    rig.panel.facts = facts;
    const stream = await follow(rig);
    for (let page = 0; page < 8; page++) {
      await rig.panel.pass(1100);
      await rig.panel.press(50);
      for (const path of PATHS) {
        const answer = await (await fetch(rig.url(path))).text();
        assert.ok(!answer.includes(marked), path);
        assert.doesNotMatch(answer, /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-/, path);
      }
    }
    assert.ok(rig.panel.panel.snapshot().lines.join().length > 0);
    await sleep(400);
    assert.ok(stream.text.includes("event: panel"));
    assert.ok(!stream.text.includes(marked));
    stream.socket.destroy();
  });

  it("lets no byte of the one-time code out while the box shows it", async () => {
    const stream = await follow(rig);
    await rig.panel.press(3500);
    const secret = Buffer.from(rig.panel.front.now.picture.bytes);
    rig.panel.mustRead("7KM4");
    const pictures: Buffer[] = [];
    for (const path of PATHS) {
      const text = await (await fetch(rig.url(path))).text();
      assert.doesNotMatch(text, /7KM4|TXWC/, path);
      if (path === "/panel.json") pictures.push(Buffer.from(JSON.parse(text).picture, "base64"));
    }
    await sleep(600);
    assert.doesNotMatch(stream.text, /7KM4|TXWC/);
    for (const [, data = "{}"] of stream.text.matchAll(/event: panel\ndata: (.*)\n/g)) {
      pictures.push(Buffer.from(JSON.parse(data).picture, "base64"));
    }
    assert.ok(pictures.length >= 3);
    // The rows of the code itself: 8 to 56. No piece of them stands anywhere.
    const rows = [1, 2, 3, 4, 5, 6].map((row) => secret.subarray(row * 128 + 8, row * 128 + 120));
    const pieces = rows.filter((row) => row.some((byte) => byte !== 0));
    assert.ok(pieces.length >= 4);
    for (const picture of pictures) {
      for (const piece of pieces) assert.equal(picture.indexOf(piece), -1);
    }
    stream.socket.destroy();
  });
});

describe("a page that stays open", () => {
  let rig: StatusRig;
  beforeEach(async () => {
    rig = await StatusRig.start();
  });
  afterEach(() => rig.stop());

  it("begins with everything, and is told of what changes alone", async () => {
    const stream = await follow(rig);
    assert.match(stream.text, /content-type: text\/event-stream/i);
    assert.match(stream.text, /content-security-policy/i);
    assert.match(stream.text, /event: sections\ndata: .*"answers":/);
    const begun = stream.text.length;
    rig.facts = { clients: { total: 77, last: null, lapsingSoon: 0 } };
    rig.changed();
    await until(() => stream.text.slice(begun).includes("77 counted"));
    const told = stream.text.slice(begun);
    assert.match(told, /"facts":/);
    assert.doesNotMatch(told, /"answers":/);
    stream.socket.destroy();
    await until(() => rig.listeners === 0);
  });

  it("is one of 32 from one address; the others stay open", async () => {
    const streams = await Promise.all(Array.from({ length: 32 }, () => follow(rig)));
    assert.equal((await fetch(rig.url("/events"))).status, 503);
    streams[0]?.socket.destroy();
    await until(async () => {
      const peer = new Peer(rig.port);
      await peer.send("GET /events HTTP/1.1\r\nHost: box\r\n\r\n");
      await peer.answers(1);
      peer.socket.destroy();
      return peer.text.startsWith("HTTP/1.1 200");
    });
    assert.ok(streams.slice(1).every(({ socket }) => !socket.destroyed));
    for (const { socket } of streams) socket.destroy();
  });

  it("ends with the service, at once", async () => {
    const stream = await follow(rig);
    const began = performance.now();
    await rig.server.stop();
    await stream.closed;
    assert.ok(performance.now() - began < 2000);
  });
});

describe("a stranger at the status page", () => {
  let rig: StatusRig;
  beforeEach(async () => {
    rig = await StatusRig.start();
  });
  afterEach(() => rig.stop());

  it("is slowed down who asks too often, and told how long to wait", async () => {
    const answers: Response[] = [];
    for (let batch = 0; batch < 6; batch++) {
      const asked = Array.from({ length: 30 }, () => fetch(rig.url("/panel.json")));
      answers.push(...(await Promise.all(asked)));
    }
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 30 && refused.length <= 60, `${refused.length}`);
    assert.ok(Number(refused[0]?.headers.get("retry-after")) >= 1);
  });

  it("has 64 connections at once, and the page is read by others on theirs", async () => {
    const first = await follow(rig);
    const peers = Array.from({ length: 80 }, () => new Peer(rig.port));
    await until(() => peers.filter(({ socket }) => socket.destroyed).length >= 17);
    assert.equal(peers.filter(({ socket }) => socket.destroyed).length, 17);
    assert.ok(!first.socket.destroyed);
    for (const { socket } of [first, ...peers]) socket.destroy();
  });

  it("is answered with an error for what is no request, and too large a one", async () => {
    const garbage = new Peer(rig.port);
    await garbage.send("\x00\x01\x02\r\n\r\n");
    await garbage.closed;
    assert.match(garbage.text, /^HTTP\/1\.1 400/);
    const large = new Peer(rig.port);
    await large.send(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(9000)}\r\n\r\n`);
    await large.closed;
    assert.match(large.text, /^HTTP\/1\.1 431/);
    assert.equal((await fetch(rig.url("/"))).status, 200);
  });
});

describe("a box without a panel", () => {
  it("has a page without one", async () => {
    const rig = await StatusRig.start({ panel: false });
    const page = await (await fetch(rig.url("/"))).text();
    assert.doesNotMatch(page, /class="oled"/);
    assert.match(page, /Are we activating\?/);
    assert.equal((await fetch(rig.url("/panel.json"))).status, 404);
    await rig.stop();
  });
});

/** An open page, once it has been told how everything is. */
async function follow(rig: StatusRig): Promise<Peer> {
  const peer = new Peer(rig.port);
  await peer.send("GET /events HTTP/1.1\r\nHost: box\r\n\r\n");
  await until(() => peer.text.includes("event: panel"));
  return peer;
}

/** As `fetch`, which lets nobody choose the host. */
async function ask(rig: StatusRig, path: string, headers: { host: string }): Promise<string> {
  const peer = new Peer(rig.port);
  await peer.send(`GET ${path} HTTP/1.1\r\nHost: ${headers.host}\r\nConnection: close\r\n\r\n`);
  await peer.closed;
  return peer.text;
}

async function until(holds: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await holds())) {
    assert.ok(performance.now() < endMs, "it did not come about in time");
    await sleep(20);
  }
}
