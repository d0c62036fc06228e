import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { introduce } from "../../src/client/introduction.ts";
import { type Exchange, httpTransport } from "../../src/client/transport.ts";
import { RawServer } from "../support/raw-server.ts";
import { TinyDns } from "../support/tiny-dns.ts";

const TIMEOUT_MS = 400;
/** Longer than the time that the client gives the host, and shorter than a test may take. */
const NEVER_MS = 4 * TIMEOUT_MS;
const SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nupgrade: foo\r\nconnection: upgrade\r\n\r\n";

/** What the client makes of a host, or "never" where it waits on. */
async function outcome(exchange: Promise<Exchange>): Promise<string> {
  const end = exchange.then((answer) => ("reason" in answer ? answer.reason : `${answer.status}`));
  return Promise.race([end, sleep(NEVER_MS, "never", { ref: false })]);
}

describe("an exchange with a host always ends", () => {
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  });
  async function kept<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const started = await starting;
    running.push(started);
    return started;
  }

  const question = { method: "GET", path: "/v1/host" } as const;
  const ask = (port: number, host = "127.0.0.1") =>
    outcome(httpTransport({ timeoutMs: TIMEOUT_MS })({ host, port }, question));

  const said: readonly [what: string, text: string, end: "close" | "keep", outcome: string][] = [
    ["switches protocols", SWITCHING, "keep", "not-http"],
    ["switches protocols and closes", SWITCHING, "close", "not-http"],
    ["switches to nothing", "HTTP/1.1 101 Switching Protocols\r\n\r\n", "close", "101"],
    ["says 100 and closes", "HTTP/1.1 100 Continue\r\n\r\n", "close", "unreachable"],
    ["says 103 for ever", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50), "keep", "timeout"],
    ["closes within its head", "HTTP/1.1 200 OK\r\ncontent-le", "close", "unreachable"],
    [
      "closes within its body",
      "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
      "close",
      "unreachable",
    ],
    ["keeps its body back", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", "keep", "timeout"],
    ["never ends its body", "HTTP/1.0 200 OK\r\n\r\n{}", "keep", "timeout"],
    ["ends its body by closing", "HTTP/1.0 200 OK\r\n\r\n{}", "close", "200"],
    ["keeps its trailers back", `${chunked("{}")}0\r\nx-a: b\r\n`, "keep", "timeout"],
    ["sends trailers", `${chunked("{}")}0\r\nx-a: b\r\n\r\n`, "keep", "200"],
    ["sends no body", "HTTP/1.1 204 No Content\r\n\r\n", "keep", "204"],
    ["answers twice", "HTTP/1.1 204 No Content\r\n\r\n".repeat(2), "keep", "204"],
    ["says nothing and closes", "", "close", "unreachable"],
    ["speaks another protocol", "\u0005\u0000\u000b\u0003\u0010\u0000", "keep", "not-http"],
    ["has a head without end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(50_000)}`, "keep", "not-http"],
  ];
  for (const [what, text, end, expected] of said) {
    it(`where it ${what}`, async () => {
      const server = await kept(RawServer.answering(text, end));
      assert.equal(await ask(server.port), expected);
    });
  }

  it("where it accepts and says nothing", async () => {
    const server = await kept(RawServer.start(() => undefined));
    assert.equal(await ask(server.port), "timeout");
  });

  it("where it resets the connection", async () => {
    const server = await kept(RawServer.start((socket: Socket) => socket.resetAndDestroy()));
    assert.equal(await ask(server.port), "unreachable");
  });

  it("where its name cannot be asked for by HTTP, or stands for no address", async () => {
    for (const host of ["kms box", "kms\r\nx: y", "we\u00fcird", "a\0b", "."]) {
      assert.equal(await ask(1688, host), "unreachable", JSON.stringify(host));
    }
    assert.equal(await ask(0), "unreachable");
    assert.equal(await ask(70_000), "unreachable");
  });

  it("where the name server for its address is silent", async () => {
    const dns = await kept(TinyDns.start({ silent: true }));
    const transport = httpTransport({ timeoutMs: TIMEOUT_MS, dnsServer: dns.address });
    const address = { host: "kms.office.test", port: 1688 };
    assert.equal(await outcome(transport(address, question)), "timeout");
  });

  it("when it is told to stop, with the reason for that", async () => {
    const server = await kept(RawServer.start(() => undefined));
    const stop = new AbortController();
    const reason = new Error("Told to stop.");
    const transport = httpTransport({ timeoutMs: TIMEOUT_MS });
    const address = { host: "127.0.0.1", port: server.port };
    const exchange = transport(address, { ...question, signal: stop.signal });
    setTimeout(() => stop.abort(reason), 50);
    await assert.rejects(exchange, reason);
    await assert.rejects(transport(address, { ...question, signal: stop.signal }), reason);
  });

  it("and is told as what it is", async () => {
    const server = await kept(RawServer.answering(SWITCHING));
    const transport = httpTransport({ timeoutMs: TIMEOUT_MS });
    const introduction = await Promise.race([
      introduce({ host: "127.0.0.1", port: server.port }, transport),
      sleep(NEVER_MS, { fault: "never" }, { ref: false }),
    ]);
    assert.deepEqual(introduction, {
      fault: "what answers there is not a KMS host of this kind",
    });
  });
});

/** The head of a chunked answer and one chunk of it; the last chunk is the caller's. */
function chunked(text: string): string {
  const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-a\r\n\r\n";
  return `${head}${text.length.toString(16)}\r\n${text}\r\n`;
}
