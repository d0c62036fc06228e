import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "node:tls";
import { UploadFile } from "../../../src/adapters/backup/upload-file.ts";
import { RestoreDesk } from "../../../src/services/restore-desk.ts";
import { type HttpsClient, HttpsRig } from "../../support/https-rig.ts";

const PATIENCE = { bodyMs: 400, pieceMs: 400, fileMs: 3000 };
const PIECES = 10;
const PIECE = Buffer.alloc(100, "x");

describe("a file that is sent to the administration on a slow line", function () {
  this.timeout(20_000);
  let folder: string;
  let rig: HttpsRig;
  let browser: HttpsClient;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-upload-"));
    const worker = {
      inspect: () => assert.fail("not asked for"),
      record: () => assert.fail("not asked for"),
      make: () => assert.fail("not asked for"),
    };
    const store = { documents: new Map(), ledger: { clients: 0 } as never };
    const restore = new RestoreDesk({ store, worker, uploads: new UploadFile(folder) });
    rig = await HttpsRig.start({ patience: PATIENCE, restore: { worker, restore } });
    browser = await rig.claimed();
  });
  afterEach(async () => {
    await rig.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What is answered to a body that comes piece by piece, the pause between them in milliseconds. */
  async function send(
    path: string,
    headers: Record<string, string>,
    { pauseMs = 100, pieces = PIECES, announced = PIECES, type = "application/octet-stream" } = {},
  ): Promise<{ status: string; tookMs: number }> {
    const socket = connect({ host: "127.0.0.1", port: rig.port, rejectUnauthorized: false });
    socket.on("error", () => undefined);
    const all = {
      host: `127.0.0.1:${rig.port}`,
      connection: "close",
      "content-type": type,
      "content-length": String(announced * PIECE.length),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const begunMs = performance.now();
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    const answer = text(socket).catch(() => "");
    for (let n = 0; n < pieces && !socket.destroyed; n++) {
      await wait(pauseMs);
      if (socket.writable) socket.write(PIECE);
    }
    const status = (await answer).split(" ", 2)[1] ?? "";
    return { status, tookMs: performance.now() - begunMs };
  }
  const own = () => ({ ...browser.headers, cookie: browser.cookie });

  it("is waited for as long as some of it comes", async () => {
    const { status, tookMs } = await send("/api/v1/restore", own());
    assert.equal(status, "200");
    assert.ok(tookMs > 2 * PATIENCE.bodyMs, String(tookMs));
    assert.equal((await readdir(folder)).length, 1);
  });

  it("is given up when nothing comes any more; nothing of it stays, and another is taken", async () => {
    const { status, tookMs } = await send("/api/v1/restore", own(), { pieces: 2 });
    assert.equal(status, "408");
    assert.ok(tookMs < 5 * PATIENCE.pieceMs, String(tookMs));
    await wait(100);
    assert.deepEqual(await readdir(folder), []);
    assert.equal((await send("/api/v1/restore", own(), { pauseMs: 1 })).status, "200");
  });

  it("is given up in the end however steadily it comes", async () => {
    const trickle = { pieces: 60, announced: 1000 };
    const { status, tookMs } = await send("/api/v1/restore", own(), trickle);
    assert.equal(status, "408");
    assert.ok(tookMs > PATIENCE.fileMs, String(tookMs));
    assert.deepEqual(await readdir(folder), []);
  });

  it("is not waited for from strangers, nor are other requests from anybody", async () => {
    const stranger = await send("/api/v1/restore", {}, { pieces: 20, announced: 1000 });
    assert.equal(stranger.status, "401");
    assert.ok(stranger.tookMs < 2200, String(stranger.tookMs));
    const slow = { type: "application/json", pieces: 20, announced: 1000 };
    const other = await send("/api/v1/session", own(), slow);
    assert.equal(other.status, "408");
    assert.ok(other.tookMs < 2200, String(other.tookMs));
  });

  it("is refused beside another one, which arrives", async () => {
    const first = send("/api/v1/restore", own());
    await wait(200);
    assert.equal((await send("/api/v1/restore", own(), { pauseMs: 1 })).status, "409");
    assert.equal((await first).status, "200");
  });

  it("is refused in another form, and where its length is not told", async () => {
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
      const { status } = await send("/api/v1/restore", own(), { type, pauseMs: 1 });
      assert.match(status, /^(?:400|409|415)$/, type);
    }
    assert.equal(
      (await send("/api/v1/restore", { ...own(), "content-length": "0" })).status,
      "409",
    );
    assert.deepEqual(await readdir(folder), []);
  });
});

describe("whoever sends the administration no more than the beginning of a request", function () {
  this.timeout(30_000);
  it("is not waited for", async () => {
    const rig = await HttpsRig.start();
    const socket = connect({ host: "127.0.0.1", port: rig.port, rejectUnauthorized: false });
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n");
    const dribble = setInterval(() => socket.write("X-Y: z\r\n"), 1000);
    try {
      assert.match(await text(socket).catch(() => ""), /^HTTP\/1\.1 408 /);
    } finally {
      clearInterval(dribble);
      socket.destroy();
      await rig.stop();
    }
  });
});
