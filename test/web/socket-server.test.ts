import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pino } from "pino";
import type { LoggedEvent } from "../../src/domain/events.ts";
import { FactoryResetFailedError } from "../../src/ports/factory-reset.ts";
import { PowerOffFailedError } from "../../src/ports/power-switch.ts";
import type { BackupTold } from "../../src/services/backup-news.ts";
import { Endings } from "../../src/services/endings.ts";
import { SocketServer } from "../../src/web/socket-server.ts";
import { AdminRig } from "../support/admin-rig.ts";
import { healthOf } from "../support/fake-health.ts";
import { licenceOf, type TestHost, testHost } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";

const EVENT: LoggedEvent = {
  sequence: 3,
  timeMs: 0,
  id: 100,
  name: "service-started",
  level: "info",
  message: "Started.",
  details: { port: 1688 },
};

describe("the administrator's server", () => {
  let folder: string;
  let socketPath: string;
  let host: TestHost;
  let server: SocketServer;
  let endings: Endings;
  let told: BackupTold[];
  const news = { tell: (each: BackupTold) => void told.push(each) };
  let recordReset: () => Promise<void>;
  let switchOff: () => Promise<void>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-admin-"));
    socketPath = join(folder, "box.sock");
    told = [];
    host = await testHost({ licensed: false });
    recordReset = async () => undefined;
    switchOff = async () => undefined;
    endings = new Endings({
      events: host.events,
      reset: { record: () => recordReset() },
      power: { off: () => switchOff() },
    });
    server = new SocketServer({
      report: host.report,
      licences: host.licences,
      clock: host.hostClock,
      clockDesk: host.clockDesk,
      health: healthOf(host),
      signer: host.signer,
      panel: undefined,
      backup: {
        read: async function* () {
          yield Buffer.from("all of it");
        },
        news,
      },
      history: { read: (range) => ({ range, nowMs: 1000, applications: [] }) },
      recentEvents: (after) => [EVENT].filter(({ sequence }) => sequence > after),
      status: () => ({
        version: "1.2.3",
        host: host.signer.thumbprint,
        startedAt: 1,
        uptimeSeconds: 2,
        lastStart: "first start",
        failedUpgrade: null,
        time: 3,
        clock: { trusted: true, detail: "test" },
        address: "127.0.0.1:1688",
        demonstration: false,
        clients: 0,
        products: [],
        health: host.report.health(),
      }),
      endings,
      admin: new AdminRig(host),
      alerts: () => undefined,
      forgetter: { forget: () => assert.fail("not asked for") },
      examine: async () => ({ result: "ok", summary: "Everything is well.", findings: [] }),
      logger: pino({ level: "silent" }),
    });
    await server.start(socketPath);
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function call(method: string, path: string, body?: unknown) {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    return new Promise<{ status: number | undefined; body: Record<string, unknown> }>(
      (resolve, reject) => {
        const sent = request({ socketPath, method, path, headers }, (response) => {
          text(response).then(
            (json) => resolve({ status: response.statusCode, body: JSON.parse(json) }),
            reject,
          );
        });
        sent.on("error", reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      },
    );
  }

  it("can be spoken to by the box's own user only", async () => {
    assert.equal((await stat(socketPath)).mode & 0o777, 0o600);
  });

  it("switches the machine off, or says why it cannot", async () => {
    switchOff = () => Promise.reject(new PowerOffFailedError("pull the plug"));
    const refused = await call("POST", "/api/v1/power-off");
    assert.deepEqual(
      [refused.status, refused.body],
      [409, { error: { code: "power-off-failed", message: "pull the plug" } }],
    );
    switchOff = async () => undefined;
    const { status, body } = await call("POST", "/api/v1/power-off");
    assert.deepEqual([status, body], [202, { accepted: "power-off" }]);
    assert.deepEqual(await endings.first, { kind: "power-off", by: "command" });
  });

  it("takes the place of a socket that was left behind", async () => {
    await server.stop();
    await server.start(socketPath);
    assert.equal((await call("GET", "/api/v1/status")).status, 200);
  });

  it("hands out a backup, and hears what became of it", async () => {
    const bytes = await new Promise<string>((resolve, reject) => {
      request({ socketPath, path: "/api/v1/backup" }, (response) => {
        text(response).then(resolve, reject);
      }).end();
    });
    assert.equal(bytes, "all of it");
    const made = { made: true, file: "/mnt/kms.age", bytes: 9, usb: true };
    assert.equal((await call("POST", "/api/v1/backup/told", made)).status, 200);
    assert.equal((await call("POST", "/api/v1/backup/told", { made: true })).status, 400);
    assert.deepEqual(told, [made]);
  });

  it("tells the status", async () => {
    const { body } = await call("GET", "/api/v1/status");
    assert.equal(body.version, "1.2.3");
    assert.equal((body.health as { healthy: boolean }).healthy, false);
  });

  it("installs a licence, shows it, and tells what a vendor needs for one", async () => {
    const token = await licenceOf(signerOf("vendor"), host);
    const installed = await call("POST", "/api/v1/licences", { token });
    assert.equal(installed.status, 200);
    assert.equal(installed.body.validity, "valid");
    const { body } = await call("GET", "/api/v1/licences");
    assert.equal(body.host, host.signer.thumbprint);
    assert.deepEqual(body.licences, [installed.body]);
    assert.deepEqual((await call("GET", "/api/v1/licences/request")).body, host.signer.publicJwk);
  });

  it("answers 409 with the reason to a licence that cannot be installed", async () => {
    const { status, body } = await call("POST", "/api/v1/licences", { token: "x" });
    assert.equal(status, 409);
    assert.equal((body.error as { code: string }).code, "licence-refused");
    host.store.fail();
    const token = await licenceOf(signerOf("vendor"), host);
    const failed = await call("POST", "/api/v1/licences", { token });
    assert.equal(failed.status, 409);
    assert.equal((failed.body.error as { code: string }).code, "storage-failed");
  });

  it("answers 400 to what its schemas do not have", async () => {
    for (const body of [{}, { token: "" }, { token: "x", more: 1 }, { token: 7 }]) {
      const { status } = await call("POST", "/api/v1/licences", body);
      assert.equal(status, body.token === 7 ? 409 : 400, JSON.stringify(body));
    }
    for (const query of [
      "prodct=cad",
      "limit=0",
      "sort=age",
      "offset=-1",
      "limit=100001",
      "order=up",
    ]) {
      assert.equal((await call("GET", `/api/v1/clients?${query}`)).status, 400, query);
    }
  });

  it("answers 500 with a code to what was not foreseen", async () => {
    host.store.commit = () => Promise.reject(new Error("a defect"));
    const token = await licenceOf(signerOf("vendor"), host);
    const { status, body } = await call("POST", "/api/v1/licences", { token });
    assert.deepEqual([status, body.error], [500, { code: "internal-error", message: "a defect" }]);
  });

  it("answers a restart before the service stops, and refuses a second", async () => {
    const stopped = endings.first.then(() => server.stop());
    const answer = await call("POST", "/api/v1/restart");
    assert.deepEqual([answer.status, answer.body], [202, { accepted: "restart" }]);
    await stopped;
    assert.deepEqual(endings.reached, { kind: "restart", by: "command" });
    await server.start(socketPath);
    const second = await call("POST", "/api/v1/reset");
    assert.equal(second.status, 409);
    assert.equal((second.body.error as { code: string }).code, "already-ending");
  });

  it("answers a factory reset once it is recorded", async () => {
    recordReset = () => Promise.reject(new FactoryResetFailedError("the disk is full"));
    const failed = await call("POST", "/api/v1/reset");
    assert.equal(failed.status, 409);
    assert.deepEqual(failed.body.error, {
      code: "factory-reset-failed",
      message: "the disk is full",
    });
    assert.equal(endings.reached, undefined);
    recordReset = async () => undefined;
    const answer = await call("POST", "/api/v1/reset");
    assert.deepEqual([answer.status, answer.body], [202, { accepted: "factory-reset" }]);
    assert.deepEqual(await endings.first, { kind: "factory-reset", by: "command" });
  });

  it("lists clients, selected and in pages", async () => {
    await host.grant(signerOf("vendor"));
    for (const name of ["a", "b", "c"]) {
      const device = { hostname: `pc-${name}`, fingerprint: "f".repeat(43), agent: "agent/1" };
      const token = await host.request(signerOf(name), { device });
      await host.activation.activate(token, "192.0.2.1").catch(() => undefined);
    }
    const { body } = await call("GET", "/api/v1/clients?search=PC-&order=desc&limit=2");
    assert.equal(body.total, 3);
    const names = (body.clients as { hostname: string }[]).map(({ hostname }) => hostname);
    assert.deepEqual(names, ["pc-c", "pc-b"]);
    assert.equal((await call("GET", "/api/v1/clients?product=cad")).body.total, 0);
  });

  it("tells the events after a number, of one name if asked", async () => {
    const { body } = await call("GET", "/api/v1/events?after=2");
    const { timeMs: _, ...event } = EVENT;
    assert.deepEqual(body.events, [{ ...event, time: "1970-01-01T00:00:00.000Z" }]);
    assert.deepEqual((await call("GET", "/api/v1/events?after=3")).body.events, []);
    assert.deepEqual((await call("GET", "/api/v1/events?name=x")).body.events, []);
  });
});
