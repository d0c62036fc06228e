import assert from "node:assert/strict";
import { ActivationAnswerSchema, HostAnswerSchema, ProblemSchema } from "../../src/protocol/api.ts";
import { checker } from "../../src/protocol/schemas.ts";
import { SERVER, testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { type WebHost, webHost } from "../support/web.ts";

const client = signerOf("client");
const checkProblem = checker(ProblemSchema, "problem");

describe("the activation service over HTTP", () => {
  let web: WebHost;
  beforeEach(async () => {
    web = await webHost(await testHost({ requestsPerMinute: 60, burst: 20 }));
  });
  afterEach(() => web.server.stop());

  const send = async (body: string, type: string | undefined = "application/jose") =>
    fetch(web.url("/v1/activations"), {
      method: "POST",
      body: Buffer.from(body),
      ...(type ? { headers: { "content-type": type } } : {}),
    });

  /** Asserts that the answer is a problem of that name, and gives its members. */
  async function problem(response: Response, status: number, name: string) {
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    const document = checkProblem(JSON.parse(text));
    assert.equal(document.type, `urn:kms-box:problem:${name}`);
    assert.equal(document.status, status);
    assert.ok(document.title.length > 0);
    return document;
  }

  it("answers 200 with JSON for an activation", async () => {
    const response = await send(await web.host.request(client, { product: SERVER.id }));
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    const answer = checker(ActivationAnswerSchema, "answer")(await response.json());
    assert.equal(answer.count, 1);
  });

  it("answers 409 below the threshold, with Retry-After and its members", async () => {
    const response = await send(await web.host.request(client));
    assert.equal(response.headers.get("retry-after"), "7200");
    const document = await problem(response, 409, "count-below-threshold");
    const { count, threshold, retryIntervalMinutes } = document;
    assert.deepEqual([count, threshold, retryIntervalMinutes], [1, 2, 120]);
    assert.match(document.detail ?? "", /^1 of 2 clients have asked so far/);
  });

  it("answers 409 without Retry-After to a replay", async () => {
    const token = await web.host.request(client);
    await send(token);
    const response = await send(token);
    assert.equal(response.headers.get("retry-after"), null);
    await problem(response, 409, "replayed-request");
  });

  it("answers 403 with the product, or the host's time", async () => {
    const unknown = await send(await web.host.request(client, { product: "cad" }));
    assert.equal((await problem(unknown, 403, "product-not-licensed")).product, "cad");
    const late = await send(await web.host.request(client, { iat: 1 }));
    const { hostTime } = await problem(late, 403, "clock-skew");
    assert.equal(hostTime, web.host.clock.nowMs() / 1000);
  });

  it("answers 401 to a forged request", async () => {
    const token = await web.host.request(client);
    const forged = `${token.slice(0, -86)}${"A".repeat(86)}`;
    await problem(await send(forged), 401, "bad-signature");
  });

  it("answers 503 with Retry-After while clock or storage fail", async () => {
    web.host.clock.distrust();
    const clock = await send(await web.host.request(client));
    assert.equal(clock.headers.get("retry-after"), "7200");
    await problem(clock, 503, "clock-untrusted");
    web.host.clock.trustAgain();
    web.host.store.fail();
    const storage = await send(await web.host.request(client));
    assert.equal(storage.headers.get("retry-after"), "60");
    await problem(storage, 503, "storage-failed");
  });

  it("answers 429 with Retry-After to a source over its rate", async () => {
    for (let n = 0; n < 20; n++) await send("x");
    const response = await send(await web.host.request(client));
    assert.equal(response.headers.get("retry-after"), "1");
    await problem(response, 429, "rate-limited");
  });

  it("answers 429 to a source over its rate that only reads", async () => {
    for (let n = 0; n < 20; n++) await fetch(web.url("/v1/host"));
    for (const path of ["/v1/host", "/v1/health", "/v1/openapi.json", "/nowhere"]) {
      const response = await fetch(web.url(path));
      assert.equal(response.headers.get("retry-after"), "1");
      await problem(response, 429, "rate-limited");
    }
  });

  it("answers 400 to what is no request", async () => {
    for (const body of ["x", "{}", "ü", "\u0000"]) {
      await problem(await send(body), 400, "malformed-request");
    }
    await problem(await send(""), 400, "malformed-request");
  });

  it("answers 413 to a body over 8 KiB, and reads one of 8 KiB", async () => {
    await problem(await send("x".repeat(8192)), 400, "malformed-request");
    await problem(await send("x".repeat(8193)), 413, "too-large");
  });

  it("answers 415 to another media type, or none", async () => {
    for (const type of ["application/json", "text/plain", "application/jose+json", "x", ""]) {
      await problem(await send("{}", type), 415, "unsupported-media-type");
    }
  });

  it("takes the media type in any case and with parameters", async () => {
    for (const type of ["Application/JOSE", "application/jose; charset=utf-8"]) {
      await problem(await send("x", type), 400, "malformed-request");
    }
  });

  it("answers 404 as a problem at an unknown address, whatever the method", async () => {
    for (const path of ["/", "/v1", "/v1/activations/x", "/v1/Host", `/${"x".repeat(3000)}`]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        await problem(await fetch(web.url(path), { method }), 404, "not-found");
      }
      web.host.clock.pass(60_000);
    }
  });

  it("answers 405 with Allow to a wrong method at a known address", async () => {
    const wrong: [string, string, string][] = [
      ["GET", "/v1/activations", "POST"],
      ["PUT", "/v1/activations", "POST"],
      ["OPTIONS", "/v1/activations?x", "POST"],
      ["POST", "/v1/host", "GET, HEAD"],
      ["DELETE", "/v1/health", "GET, HEAD"],
      ["PATCH", "/v1/openapi.json", "GET, HEAD"],
    ];
    for (const [method, path, allow] of wrong) {
      const response = await fetch(web.url(path), { method });
      assert.equal(response.headers.get("allow")?.split(", ").toSorted().join(", "), allow);
      await problem(response, 405, "method-not-allowed");
    }
  });

  it("answers HEAD as GET, without a body", async () => {
    for (const [path, status] of [
      ["/v1/host", 200],
      ["/v1/health", 200],
      ["/nowhere", 404],
    ] as const) {
      const response = await fetch(web.url(path), { method: "HEAD" });
      assert.equal(response.status, status);
      assert.equal(await response.text(), "");
    }
  });

  it("describes the host", async () => {
    const response = await fetch(web.url("/v1/host"));
    const answer = checker(HostAnswerSchema, "answer")(await response.json());
    assert.deepEqual(answer, web.host.report.host());
  });

  it("tells its health with 200, or 503 and the reasons", async () => {
    const well = await fetch(web.url("/v1/health"));
    assert.deepEqual([well.status, await well.json()], [200, { healthy: true, reasons: [] }]);
    web.host.clock.distrust("no NTP");
    const ill = await fetch(web.url("/v1/health"));
    const body = { healthy: false, reasons: [{ code: "clock-untrusted", detail: "no NTP" }] };
    assert.deepEqual([ill.status, await ill.json()], [503, body]);
  });

  it("answers 500 to what was not foreseen, says nothing of it, and logs it whole", async () => {
    web.host.store.commit = () => Promise.reject(new Error("a defect at line 7"));
    const response = await send(await web.host.request(client));
    const document = await problem(response, 500, "internal-error");
    assert.equal(JSON.stringify(document).includes("line 7"), false);
    assert.equal(web.logged.length, 1);
    assert.match(web.logged[0] ?? "", /a defect at line 7/);
  });

  it("logs nothing of what it refuses", async () => {
    await send("x");
    await fetch(web.url("/nowhere"));
    assert.deepEqual(web.logged, []);
  });

  it("counts 100 different clients that ask at once to exactly 100", async () => {
    await web.server.stop();
    web = await webHost(await testHost());
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, n) => web.host.request(signerOf(`client ${n}`))),
    );
    const responses = await Promise.all(tokens.map((token) => send(token)));
    assert.equal(responses.filter(({ status }) => status === 200).length, 99);
    assert.equal(web.host.store.ledger.count("office"), 100);
  });
});
