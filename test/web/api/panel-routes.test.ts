import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { pino } from "pino";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";
import { testPicture } from "../../../src/panel/test-picture.ts";
import { Endings } from "../../../src/services/endings.ts";
import type { PanelService } from "../../../src/services/panel/panel-service.ts";
import type { PanelAnswer } from "../../../src/web/api/schemas.ts";
import { SocketServer } from "../../../src/web/socket-server.ts";
import { CODE, counted, type PanelRig, servingPanel } from "../../services/panel/panel-rig.ts";
import { AdminRig } from "../../support/admin-rig.ts";
import { healthOf } from "../../support/fake-health.ts";
import { testHost } from "../../support/host.ts";

interface Answer {
  readonly status: number | undefined;
  readonly body: unknown;
}

async function adminServer(socketPath: string, panel: PanelService | undefined) {
  const host = await testHost();
  const server = new SocketServer({
    report: host.report,
    licences: host.licences,
    clock: host.hostClock,
    clockDesk: host.clockDesk,
    health: healthOf(host),
    signer: host.signer,
    panel,
    recentEvents: () => [],
    backup: { read: () => assert.fail("not asked for"), news: { tell: () => undefined } },
    status: () => assert.fail("not asked for"),
    endings: new Endings({
      events: host.events,
      reset: { record: async () => undefined },
      power: { off: async () => undefined },
    }),
    history: { read: () => assert.fail("not asked for") },
    alerts: () => undefined,
    examine: () => assert.fail("not asked for"),
    admin: new AdminRig(host),
    forgetter: { forget: () => assert.fail("not asked for") },
    logger: pino({ level: "silent" }),
  });
  await server.start(socketPath);
  return server;
}

describe("the panel over the administrator's socket", () => {
  let folder: string;
  let socketPath: string;
  let rig: PanelRig;
  let server: SocketServer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-panel-"));
    socketPath = join(folder, "box.sock");
    rig = await servingPanel({}, counted(24));
    server = await adminServer(socketPath, rig.panel);
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function call(method: string, path = ""): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path: `/api/v1/panel${path}` }, (response) => {
        json(response).then((body) => resolve({ status: response.statusCode, body }), reject);
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  async function panel(): Promise<PanelAnswer> {
    const { status, body } = await call("GET");
    assert.equal(status, 200);
    return body as PanelAnswer;
  }

  function pictureOf({ width, height, picture }: PanelAnswer): Framebuffer {
    return new Framebuffer(width, height, Buffer.from(picture, "base64"));
  }

  it("is the picture, the LEDs, the words and the parts", async () => {
    const answer = await panel();
    assert.ok(pictureOf(answer).equals(rig.front.now.picture));
    const { picture: _, ...rest } = answer;
    assert.deepEqual(rest, {
      width: 128,
      height: 64,
      brightness: "full",
      leds: { green: "slow", yellow: "off", red: "off", activity: "off" },
      lines: ["Example Desktop", "24 of 25", "NEEDS 1 MORE"],
      parts: { display: "present", leds: "present", button: "present" },
    });
  });

  it("never has a code in words", async () => {
    await rig.press(3500);
    rig.mustShow({ kind: "code", code: CODE, remainingMs: 300_000 });
    const answer = await panel();
    assert.deepEqual(answer.lines, ["one-time code shown on the display"]);
    assert.ok(!JSON.stringify(answer).includes(CODE.slice(0, 4)));
  });

  it("shows the test picture when asked to", async () => {
    assert.deepEqual(await call("POST", "/test-picture"), { status: 200, body: {} });
    assert.ok(rig.front.now.picture.equals(testPicture(128, 64)));
    assert.ok(pictureOf(await panel()).equals(testPicture(128, 64)));
  });

  it("lets the yellow LED blink when asked to", async () => {
    assert.deepEqual(await call("POST", "/identify"), { status: 200, body: {} });
    assert.equal((await panel()).leds.yellow, "slow");
  });

  it("says how to turn the panel on where it is off", async () => {
    await server.stop();
    server = await adminServer(socketPath, undefined);
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/test-picture"],
      ["POST", "/identify"],
    ] as const) {
      const { status, body } = await call(method, path);
      assert.equal(status, 409);
      const { error } = body as { error: { code: string; message: string } };
      assert.equal(error.code, "panel-off");
      assert.match(error.message, /without --no-panel/);
    }
  });
});
