import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { webhookSignature } from "../../../src/adapters/alerts/webhook-signature.ts";
import {
  type WebhookSettings,
  WebhookTarget,
} from "../../../src/adapters/alerts/webhook-target.ts";
import { WEBHOOK_EXAMPLE } from "../../../src/web/browser/admin/pages/alerts/webhook-example.ts";
import { ALERT } from "../../support/alerts-rig.ts";
import { WebhookReceiver } from "../../support/webhook-receiver.ts";

const NOW_MS = 1_736_150_465_700;
const BOX = { hostname: "kms", host: "t".repeat(43), version: "1.2.3" };

describe("an alert by webhook", () => {
  let folder: string;
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-webhook-"));
    receiver = new WebhookReceiver();
    await receiver.start();
  });
  afterEach(async () => {
    await receiver.stop();
    await rm(folder, { recursive: true });
  });

  async function file(name: string, content: string, mode = 0o600): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  }
  const target = (settings: Partial<WebhookSettings> = {}, timeoutMs = 2000) =>
    new WebhookTarget({
      settings: { ...settings, url: settings.url ?? receiver.url() },
      place: 0,
      box: () => BOX,
      nowMs: () => NOW_MS,
      timeoutMs,
    });
  const send = (settings?: Partial<WebhookSettings>, timeoutMs?: number) =>
    target(settings, timeoutMs).send([ALERT], new AbortController().signal);
  const refusedWith = (code: string, message: RegExp, settings?: Partial<WebhookSettings>) =>
    assert.rejects(send(settings, 300), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });

  it("says what is wrong, since when, what to do and which box it is", async () => {
    assert.equal(await send(), "status 204");
    const [{ method, url, headers, body } = assert.fail()] = receiver.received;
    assert.deepEqual([method, url], ["POST", "/hook?channel=1"]);
    assert.equal(headers["content-type"], "application/json");
    assert.deepEqual(form(JSON.parse(body)), form(WEBHOOK_EXAMPLE), "as the page shows one");
    assert.equal(headers.host, `127.0.0.1:${receiver.port}`);
    assert.equal(headers["webhook-id"], "msg_1");
    assert.equal(headers["webhook-timestamp"], "1736150465");
    assert.equal(headers["webhook-signature"], undefined);
    assert.deepEqual(JSON.parse(body), {
      type: "alert.raised",
      timestamp: "2025-01-06T08:01:00.000Z",
      data: {
        id: "msg_1",
        key: "voltage-low",
        kind: "voltage-low",
        severity: "warning",
        since: "2025-01-06T08:00:00.000Z",
        sentence: ALERT.sentence,
        remedy: ALERT.remedy,
        box: BOX,
      },
    });
  });

  it("is signed over id, time and body, by a secret of either form", async () => {
    const bytes = Buffer.from("0123456789abcdef0123456789abcdef");
    const secrets = [bytes.toString("utf8"), `whsec_${bytes.toString("base64")}\n`];
    for (const [at, secret] of secrets.entries()) {
      await send({ secretFile: await file(`secret-${at}`, secret) });
      const { headers, body } = receiver.received[at] ?? assert.fail();
      const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
      const mac = createHmac("sha256", bytes).update(signed).digest("base64");
      assert.equal(headers["webhook-signature"], `v1,${mac}`);
    }
  });

  it("is signed as the example of Standard Webhooks", () => {
    // Of the reference libraries' tests, github.com/standard-webhooks/standard-webhooks.
    const signature = webhookSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    });
    assert.equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("is not sent with a secret that others can read, or that is none", async () => {
    const open = await file("open", "secret", 0o644);
    await refusedWith("file-unusable", /chmod 600/, { secretFile: open });
    const empty = await file("empty", "\n");
    await refusedWith("file-unusable", /one line/, { secretFile: empty });
    await refusedWith("file-unusable", /There is no file/, { secretFile: join(folder, "none") });
    await refusedWith("file-unusable", /no file of that kind/, { secretFile: folder });
    assert.deepEqual(receiver.received, []);
  });

  it("is tried again where the receiver is in trouble, and not where it says never", async () => {
    for (const status of [401, 404, 429, 500, 503]) {
      receiver.answer = (reply) => reply.writeHead(status).end("no");
      await refusedWith("refused", new RegExp(`${status}`));
    }
    for (const status of [400, 410, 413, 422]) {
      receiver.answer = (reply) => reply.writeHead(status).end();
      await refusedWith("refused-for-good", new RegExp(`${status}`));
    }
  });

  it("follows nobody elsewhere", async () => {
    receiver.answer = (reply) => reply.writeHead(307, { location: "/other" }).end();
    await refusedWith("redirected", /not followed/);
    assert.equal(receiver.received.length, 1);
  });

  it("waits for nobody for long, nor for the end of an endless answer", async () => {
    receiver.answer = () => undefined;
    await refusedWith("timeout", /in time/);
    receiver.answer = (reply) => reply.writeHead(200).write("x");
    await refusedWith("timeout", /in time/);
    receiver.answer = (reply) => reply.writeHead(200).end("x".repeat(100_000));
    await refusedWith("refused", /length/);
  });

  it("tells who is not there, and who is no web server", async () => {
    const url = receiver.url();
    await receiver.stop();
    await refusedWith("unreachable", /ECONNREFUSED/, { url });
    await receiver.start();
    receiver.answer = (reply) => reply.socket?.end("SSH-2.0-OpenSSH\r\n");
    await refusedWith("refused", /does not speak HTTP/);
  });

  it("ends when the box stops", async () => {
    receiver.answer = () => undefined;
    const stopping = new AbortController();
    const sent = target({}, 60_000).send([ALERT], stopping.signal);
    setTimeout(() => stopping.abort(), 50);
    await assert.rejects(sent);
  });

  it("keeps the URL, which may be a secret, out of its name and id", () => {
    const { id, label } = target({ url: "https://chat.test/hook/s3cret" });
    assert.equal(label, "webhook 1 (chat.test)");
    assert.match(id, /^webhook:[0-9a-f]{16}$/);
  });

  it("goes to a server whose certificate is trusted, and to no other", async () => {
    const names = [{ name: "commonName", value: "hook" }];
    const local = { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] };
    const own = await generate(names, { extensions: [local] } as never);
    const other = await generate(names, { extensions: [local] } as never);
    const elsewhere = { name: "subjectAltName", altNames: [{ type: 2, value: "else.test" }] };
    const named = await generate(names, { extensions: [elsewhere] } as never);
    const secure = new WebhookReceiver({ key: own.private, cert: own.cert });
    const wrong = new WebhookReceiver({ key: named.private, cert: named.cert });
    await Promise.all([secure.start(), wrong.start()]);
    try {
      const url = secure.url();
      const caFile = await file("ca.pem", own.cert, 0o644);
      assert.equal(await send({ url, caFile }), "status 204");
      await refusedWith("certificate-wrong", /not to be trusted/, { url });
      const otherCa = await file("other.pem", other.cert);
      await refusedWith("certificate-wrong", /caFile/, { url, caFile: otherCa });
      const namedCa = await file("named.pem", named.cert);
      await refusedWith("certificate-wrong", /ALTNAME/, { url: wrong.url(), caFile: namedCa });
      assert.equal(secure.received.length, 1);
      assert.equal(wrong.received.length, 0);
    } finally {
      await Promise.all([secure.stop(), wrong.stop()]);
    }
  });
});

/** The members of a document, without their values. */
function form(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.entries(value).map(([name, inner]) => [name, form(inner)]);
}
