import assert from "node:assert/strict";
import fastify, { type FastifyInstance } from "fastify";
import { DAY_MS, HOUR_MS } from "../../../src/domain/units.ts";
import { addClockRoutes } from "../../../src/web/api/clock-routes.ts";
import { TYPEBOX_COMPILERS } from "../../../src/web/schema-compilers.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type TestHost, testHost } from "../../support/host.ts";

describe("the clock over the administrator's socket", () => {
  let host: TestHost;
  let app: FastifyInstance;
  beforeEach(async () => {
    host = await testHost();
    app = fastify({ schemaController: TYPEBOX_COMPILERS });
    addClockRoutes(app, host.clockDesk);
    await app.ready();
  });
  afterEach(() => app.close());

  const call = async (method: "GET" | "POST", path = "", payload?: object) => {
    const url = `/api/v1/clock${path}`;
    const answer = await app.inject({ method, url, ...(payload && { payload }) });
    return { status: answer.statusCode, body: answer.json() };
  };

  it("tells what vouches for it", async () => {
    await host.hostClock.keep();
    const { status, body } = await call("GET");
    assert.equal(status, 200);
    assert.deepEqual(body, {
      time: "2025-01-06T08:00:00.000Z",
      trusted: true,
      verdict: "good",
      detail: "test",
      mark: "2025-01-06T08:00:00.000Z",
      expected: "2025-01-06T08:00:00.000Z",
      confirmed: null,
      lastStep: null,
      sources: [
        { name: "test", authority: "ntp", trusted: true, detail: "test", ageSeconds: null },
      ],
    });
  });

  it("tells what is wrong after a step, and from when it is believed", async () => {
    await call("GET");
    host.clock.step(3 * DAY_MS);
    const { body } = await call("GET");
    assert.equal(body.verdict, "ahead");
    assert.equal(body.confirmed, "2025-01-10T08:00:00.000Z");
    assert.deepEqual(body.lastStep, {
      from: "2025-01-06T08:00:00.000Z",
      to: "2025-01-09T08:00:00.000Z",
      seconds: 3 * 86_400,
    });
  });

  it("takes the administrator's word, for a time that needs it only with yes", async () => {
    host.clock.distrust();
    const { body } = await call("POST", "/trust", {});
    assert.deepEqual([body.trusted, body.sources[0].name], [true, "administrator"]);
    host.clock.step(40 * DAY_MS);
    assert.notEqual((await call("POST", "/trust", {})).status, 200);
    assert.equal((await call("POST", "/trust", { yes: true })).body.trusted, true);
  });

  it("sets the clock", async () => {
    const time = new Date(START_MS + HOUR_MS).toISOString();
    const { body } = await call("POST", "/set", { time });
    assert.deepEqual([body.time, body.trusted], [time, true]);
  });

  it("refuses what is no time, and what it does not know", async () => {
    for (const time of [
      "now",
      "1970-01-01T00:00:00Z",
      "2030-01-31 14:05",
      "2030-02-45T00:00:00Z",
    ]) {
      assert.notEqual((await call("POST", "/set", { time })).status, 200, time);
    }
    assert.equal((await call("POST", "/trust", { yes: true, for: "ever" })).status, 400);
    assert.equal(host.clock.wallMs, START_MS);
  });
});
