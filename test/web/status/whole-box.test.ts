import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runDemo } from "../../../src/cli/box/demo/run-demo.ts";
import type { ClientPage } from "../../../src/web/api/schemas.ts";
import { BoxProcess, runProgram } from "../../support/box-process.ts";
import { Peer } from "../../support/web.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
const PATHS = ["/", "/?range=30d", "/history.json?range=1y", "/panel.json"];
/** What the first visit may cost, over the wire. */
const MOST_BYTES = 150_000;
const FREE_PORTS = ["--web-port", "0", "--https-port", "0"];
const OPEN_PAGES = 20;
const MOST_RESIDENT_BYTES = 30e6;

describe("the page of a whole box", function () {
  this.timeout(60_000);
  let box: BoxProcess;
  let base: string;
  before(async () => {
    box = await BoxProcess.start({ demo: true, web: true, args: FREE_PORTS });
    base = `http://127.0.0.1:${webPort(box)}`;
    await runDemo(box.data, { ...QUIET, clients: 3 });
  });
  after(() => box.stop());

  it("counts the clients that came, and names none of them anywhere", async () => {
    const listed = await runProgram("kms-box", ["clients", "--data", box.data, "--json"]);
    const { clients } = listed.json<ClientPage>();
    assert.equal(clients.length, 3);
    const secrets = clients.flatMap(({ hostname, cmid }) => [hostname, cmid]);
    const peer = new Peer(Number(new URL(base).port));
    await peer.send("GET /events HTTP/1.1\r\nHost: box\r\n\r\n");
    await peer.answers(1);
    // The panel turns through all of its pages meanwhile.
    const shown = new Set<string>();
    const endMs = performance.now() + 30_000;
    while (![...shown].some((lines) => lines.includes("3 CLIENTS"))) {
      assert.ok(performance.now() < endMs, [...shown].join(" | "));
      for (const path of PATHS) {
        const text = await (await fetch(base + path)).text();
        for (const secret of secrets) assert.ok(!text.includes(secret), `${path}: ${secret}`);
      }
      const { lines } = (await (await fetch(`${base}/panel.json`)).json()) as { lines: string[] };
      shown.add(lines.join(", "));
      await sleep(700);
    }
    assert.match([...shown].join(), /last: a client/);
    for (const secret of secrets) assert.ok(!peer.text.includes(secret), secret);
    assert.match(peer.text, /event: panel/);
    peer.socket.destroy();
    assert.match(await (await fetch(base)).text(), /<strong>3<\/strong> of 25/);
  });

  it("weighs no more than promised, with all that it loads by and by", async () => {
    const headers = { "accept-encoding": "gzip" };
    const page = await (await fetch(`${base}/`)).text();
    const found = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
    const paths = new Set(found);
    // Each script names those that it needs, at once or later; an added one is looked at in its turn.
    for (const path of paths) {
      if (!path.endsWith(".js")) continue;
      const script = await readFile(join("dist/web", path), "utf8");
      for (const [, name] of script.matchAll(/"\.\/([\w.-]+\.js)"/g)) paths.add(`/assets/${name}`);
    }
    assert.ok([...paths].some((path) => path.includes("chart")));
    let bytes = Buffer.byteLength(page);
    for (const path of [...paths, "/history.json"]) {
      const answer = await fetch(base + path, { headers });
      assert.equal(answer.status, 200, path);
      const packed = Number(answer.headers.get("content-length"));
      assert.ok(packed > 0);
      bytes += packed;
    }
    console.log(`      ${bytes} bytes in ${paths.size + 2} answers`);
    assert.ok(paths.size >= 3 && bytes <= MOST_BYTES, `${bytes} bytes`);
  });

  it("takes little memory for those who keep it open", async () => {
    const { pid } = box.program.child;
    const residentBytes = () => {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    };
    const before = residentBytes();
    const peers = Array.from({ length: OPEN_PAGES }, () => new Peer(Number(new URL(base).port)));
    for (const peer of peers) {
      await fetch(base);
      await peer.send("GET /events HTTP/1.1\r\nHost: box\r\n\r\n");
    }
    let most = 0;
    for (let second = 0; second < 5; second++) {
      await sleep(1000);
      most = Math.max(most, residentBytes() - before);
    }
    console.log(`      ${(most / 1e6).toFixed(1)} MB for ${OPEN_PAGES} open pages`);
    assert.ok(peers.every(({ text }) => text.includes("event: sections")));
    assert.ok(most <= MOST_RESIDENT_BYTES, `${most} bytes`);
    for (const { socket } of peers) socket.destroy();
  });

  it("is tried again where its port is taken, while clients are served", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const args = ["--web-port", String(port), "--https-port", "0"];
    const other = await BoxProcess.start({ demo: true, web: true, args });
    const { status } = await fetch(`http://${other.address}/v1/host`);
    assert.equal(await other.stop(), 0);
    taken.close();
    assert.match(other.program.stdout, /"event":"web-failed".*another program has port/);
    assert.equal(status, 200);
  });

  it("is not there if it is turned off", async () => {
    const other = await BoxProcess.start({ demo: true, args: ["--no-web"] });
    const { stdout } = await runProgram("kms-box", ["history", "--data", other.data]);
    assert.equal(await other.stop(), 0);
    assert.doesNotMatch(other.program.stdout, /web-(serving|failed)/);
    assert.match(stdout, /needs 25/);
  });
});

function webPort(box: BoxProcess): number {
  const line = box.program.stdout.split("\n").find((each) => each.includes('"web-serving"'));
  return (JSON.parse(line ?? "{}") as { port: number }).port;
}
