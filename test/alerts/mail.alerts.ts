import assert from "node:assert/strict";
import { chmod, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import { type MailSettings, MailTarget } from "../../src/adapters/alerts/mail-target.ts";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { AlertsTest } from "../../src/web/api/alert-schemas.ts";
import { ALERT } from "../support/alerts-rig.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { ensurePackages } from "../support/debian-packages.ts";
import { MailServer, type MailServerOptions } from "./mail-server.ts";

const BOX = { hostname: "kms", host: "t", version: "1.2.3" };

describe("an alert by e-mail", function () {
  this.timeout(60_000);
  let folder: string;
  let tls: { key: string; cert: string };
  let server: MailServer | undefined;

  before(async function () {
    this.timeout(300_000);
    await ensurePackages({ "/usr/lib/python3/dist-packages/aiosmtpd/smtp.py": "python3-aiosmtpd" });
    folder = await temporaryFolder();
    const local = { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] };
    const made = await generate([{ name: "commonName", value: "mail.test" }], {
      extensions: [local],
    } as never);
    tls = { key: join(folder, "key.pem"), cert: join(folder, "cert.pem") };
    await writeFile(tls.key, made.private);
    await writeFile(tls.cert, made.cert);
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(() => server?.stop());

  async function serve(options: MailServerOptions = {}): Promise<MailServer> {
    server = await MailServer.start(options);
    return server;
  }
  async function password(text: string, mode = 0o600): Promise<string> {
    const file = join(folder, "password");
    await writeFile(file, text);
    await chmod(file, mode);
    return file;
  }
  const target = (settings: Partial<MailSettings>, timeoutMs = 5000) =>
    new MailTarget({
      settings: {
        host: "127.0.0.1",
        port: server?.port ?? 0,
        security: "none",
        user: "",
        passwordFile: "",
        caFile: "",
        from: "kms@office.test",
        to: ["it@office.test"],
        ...settings,
      },
      box: () => BOX,
      timeoutMs,
    });
  const send = (settings: Partial<MailSettings> = {}, alerts: readonly Alert[] = [ALERT]) =>
    target(settings).send(alerts, new AbortController().signal);
  const refusedWith = (code: string, settings: Partial<MailSettings>) =>
    assert.rejects(send(settings), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      assert.ok(!/[\r\n]|s3cret/.test(error.message), error.message);
      return true;
    });

  it("comes as one mail of plain text, to everybody, however many alerts it has", async () => {
    const mailServer = await serve();
    const sentence = "Büro: zu wenig Strom.\r\nBcc: all@office.test";
    const said = await send({ to: ["it@office.test", "chief@office.test"] }, [
      { ...ALERT, sentence },
      ALERT,
    ]);
    assert.equal(said, "taken for it@office.test, chief@office.test");
    const mails = await mailServer.received(1);
    assert.equal(mails.length, 1);
    const [{ from, to, content } = assert.fail()] = mails;
    assert.equal(from, "kms@office.test");
    assert.deepEqual(to, ["it@office.test", "chief@office.test"]);
    const [headers = "", body = ""] = content.split(/\r\n\r\n([\s\S]*)/);
    assert.ok(!/^Bcc:/im.test(headers), headers);
    assert.match(headers, /^Message-ID: <msg_1@kms-box>$/im);
    assert.match(headers, /^Auto-Submitted: auto-generated$/im);
    assert.match(headers, /^Content-Type: text\/plain; charset=utf-8$/im);
    assert.match(body, /Use another\./);
  });

  it("says for whom the server does not take it, and fails if for nobody", async () => {
    await serve({ refused: ["gone@office.test"] });
    const said = await send({ to: ["it@office.test", "gone@office.test"] });
    assert.equal(said, "taken for it@office.test, refused for gone@office.test");
    await refusedWith("refused", { to: ["gone@office.test"] });
  });

  it("goes by STARTTLS with a login, and not without TLS where that is wanted", async () => {
    const mailServer = await serve({ ...tls, auth: true });
    const passwordFile = await password("s3cret\n");
    const login = { user: "kms", passwordFile, caFile: tls.cert };
    await send({ security: "starttls", ...login });
    const [mail] = await mailServer.received(1);
    assert.deepEqual([mail?.tls, mail?.login], [true, "kms"]);
    await refusedWith("certificate-wrong", { security: "starttls", ...login, caFile: "" });
    await password("wrong");
    await refusedWith("refused", { security: "starttls", ...login });
    await password("s3cret", 0o644);
    await refusedWith("file-unusable", { security: "starttls", ...login });
    await server?.stop();
    await serve();
    await refusedWith("refused", { security: "starttls" });
    assert.equal(mailServer.mails.length, 1);
  });

  it("goes by TLS from the start, to the right server only", async () => {
    const mailServer = await serve({ ...tls, implicit: true });
    await send({ security: "tls", caFile: tls.cert });
    const [mail] = await mailServer.received(1);
    assert.equal(mail?.to[0], "it@office.test");
    await refusedWith("certificate-wrong", { security: "tls" });
  });

  it("waits for no server for long", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    try {
      const slow = target({ port }, 300).send([ALERT], new AbortController().signal);
      await assert.rejects(slow, { code: "timeout" });
    } finally {
      silent.close();
    }
    await refusedWith("unreachable", { port: 9 });
  });

  it("is sent by a box, whose test tells what became of it", async () => {
    const mailServer = await serve();
    const { port } = mailServer;
    const file = join(folder, "config.json");
    const mail = { host: "127.0.0.1", port, security: "none", from: "k@a.test", to: ["i@a.test"] };
    await writeFile(file, JSON.stringify({ alerts: { mail } }));
    const box = await BoxProcess.start({ demo: true, args: ["--no-dns", "--config", file] });
    try {
      const data = ["--data", box.data, "--json"];
      const taken = await runProgram("kms-box", ["alerts", "test", ...data]);
      assert.equal(taken.status, 0, taken.stdout);
      const [got] = await mailServer.received(1);
      assert.match(got?.content ?? "", /^Subject: \[KMS Box .*\] This is a test/m);
      await server?.stop();
      const lost = await runProgram("kms-box", ["alerts", "test", ...data]);
      assert.equal(lost.status, 1);
      assert.equal(lost.json<AlertsTest>().targets[0]?.code, "unreachable");
    } finally {
      await box.stop();
    }
  });
});
