import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import sinon from "sinon";
import { MINUTE_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { PageAssets } from "../../../src/web/pages/assets.ts";
import { HttpsRig, PASSWORD } from "../../support/https-rig.ts";
import { signerOf } from "../../support/keys.ts";

const code = (answer: { readonly body: Record<string, unknown> }) =>
  (answer.body.error as { code: string } | undefined)?.code;

describe("the administration against whoever means harm", function () {
  this.timeout(30_000);
  let rig: HttpsRig;
  beforeEach(async () => {
    const assets = await PageAssets.open("dist/web").catch(() => undefined);
    rig = await HttpsRig.start({ assets });
  });
  afterEach(() => rig.stop());

  const login = (password: string) =>
    rig.client().call("POST", "/api/v1/session", { body: { password } });

  it("sends headers that let a browser do nothing but what the page does", async () => {
    const { headers } = await rig.client().call("GET", "/api/v1/session");
    assert.equal(
      headers["content-security-policy"],
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;" +
        "connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    );
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["x-frame-options"], "DENY");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    assert.equal(headers["access-control-allow-origin"], undefined);
    assert.equal(headers["strict-transport-security"], undefined);
  });

  it("sends them with what is not there and what was refused too", async () => {
    for (const path of ["/nothing", "/api/v1/clients", "/assets/nothing.js"]) {
      const { headers } = await rig.client().call("GET", path);
      assert.match(String(headers["content-security-policy"]), /^default-src 'none'/, path);
    }
  });

  it("opens no file that was not made for it, whatever the address", async () => {
    const paths = [
      "/assets/../pages.json",
      "/assets/..%2fpages.json",
      "/assets/%2e%2e/pages.json",
      "/assets/..%5c..%5cpackage.json",
      "/assets//etc/passwd",
      "/assets/%2fetc%2fpasswd",
      "/assets/%00",
      "/assets/pages.json",
    ];
    for (const path of paths) {
      const { status } = await rig.client().call("GET", path);
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
    }
  });

  it("takes no body larger than any that is sent by right, and none that is no JSON", async () => {
    await rig.claimed();
    const large = { password: "x".repeat(200_000) };
    const answer = await rig.client().call("POST", "/api/v1/session", { body: large });
    assert.equal(answer.status, 413);
    const long = await login("x".repeat(8193));
    assert.equal(long.status, 400);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const body = "password=x";
    const posted = await rig.client().call("POST", "/api/v1/session", { body, headers: form });
    assert.equal(posted.status, 415);
    const polluted = '{"password":"x","__proto__":{"a":1}}';
    assert.equal(
      (await rig.client().call("POST", "/api/v1/session", { body: polluted })).status,
      400,
    );
  });

  it("lets nobody guess passwords, and lets the right one in once the wait is over", async () => {
    await rig.claimed();
    rig.host.clock.pass(MINUTE_MS);
    for (let n = 0; n < 4; n++) assert.equal(code(await login("a wrong one")), "wrong-password");
    const refused = await login(PASSWORD);
    assert.deepEqual([refused.status, code(refused)], [429, "too-many-tries"]);
    assert.equal(refused.headers["retry-after"], "2");
    assert.equal(rig.host.events.named("admin-locked-out").length, 1);
    rig.host.clock.pass(2 * SECOND_MS);
    assert.equal((await login(PASSWORD)).status, 200);
  });

  it("lets a code from the panel in while passwords are refused", async () => {
    await rig.claimed();
    for (let n = 0; n < 4; n++) await login("a wrong one");
    assert.equal((await login(PASSWORD)).status, 429);
    const body = { code: rig.admin.codes.issue().code, password: "another four words" };
    const claim = await rig.client().call("POST", "/api/v1/claim", { body });
    assert.equal(claim.status, 200);
    assert.equal((await login("another four words")).status, 200);
  });

  it("lets one network try three codes, so that it does not use the code up", async () => {
    const { code: shown } = rig.admin.codes.issue();
    const claim = (typed: string) =>
      rig.client().call("POST", "/api/v1/claim", { body: { code: typed, password: PASSWORD } });
    const wrong = shown.startsWith("2") ? "3333-3333" : "2222-2222";
    for (let n = 0; n < 3; n++) assert.equal(code(await claim(wrong)), "wrong-code");
    assert.deepEqual([(await claim(shown)).status, rig.admin.password.isSet], [429, false]);
    assert.equal(rig.admin.codes.redeem(shown), "accepted");
    // Who stands before the box and has another shown is let in at once.
    assert.equal((await claim(rig.admin.codes.issue().code)).status, 200);
  });

  it("makes one digest of a password at a time, and lets few wait", async () => {
    await rig.claimed();
    rig.host.clock.pass(MINUTE_MS);
    const answers = await Promise.all(Array.from({ length: 12 }, () => login(PASSWORD)));
    assert.equal(rig.admin.hasher.most, 1);
    const statuses = new Set(answers.map(({ status }) => status));
    for (const status of statuses) assert.ok([200, 429, 503].includes(status ?? 0), `${status}`);
  });

  it("ends the other sessions when the password changes, and asks for the present one", async () => {
    const browser = await rig.claimed();
    const other = rig.client();
    await other.call("POST", "/api/v1/session", { body: { password: PASSWORD } });
    const change = (current: string) =>
      browser.call("POST", "/api/v1/password", {
        body: { current, password: "another four words" },
      });
    assert.equal(code(await change("a wrong one")), "wrong-password");
    assert.equal((await change(PASSWORD)).status, 200);
    assert.equal((await other.call("GET", "/api/v1/clients")).status, 401);
    assert.equal((await browser.call("GET", "/api/v1/clients")).status, 200);
  });

  it("keeps neither password, code, token nor session's id", async () => {
    const browser = await rig.claimed();
    const made = await browser.call<{ token: string }>("POST", "/api/v1/tokens", {
      body: { name: "t", scopes: ["status"] },
    });
    const kept =
      JSON.stringify([...rig.host.store.documents]) +
      rig.admin.auditFile.text +
      JSON.stringify(rig.host.events.all);
    const { token } = made.body;
    const id = browser.cookie.split("=")[1] ?? "";
    for (const secret of [PASSWORD, token, id]) assert.ok(!kept.includes(secret), secret);
    assert.ok(kept.includes("admin-password") && kept.includes("api-tokens"));
  });

  it("writes down so many acts only that a token was refused, and all of the administrator", async () => {
    const browser = await rig.claimed();
    const { body } = await browser.call<{ token: string }>("POST", "/api/v1/tokens", {
      body: { name: "poor", scopes: ["status"] },
    });
    const poor = rig.client();
    poor.headers.authorization = `Bearer ${body.token}`;
    for (let n = 0; n < 30; n++) {
      assert.equal((await poor.call("POST", "/api/v1/restart")).status, 403);
    }
    for (let n = 0; n < 30; n++) await browser.call("DELETE", `/api/v1/tokens/none${n}`);
    const lines = rig.admin.auditFile.text.split("\n");
    assert.equal(lines.filter((line) => line.includes('"token poor"')).length, 20);
    assert.equal(lines.filter((line) => line.includes('"revoke-token"')).length, 30);
  });

  it("goes on for who has logged in while others in the network ask too much", async () => {
    const browser = await rig.claimed();
    const stranger = rig.client();
    const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
    const statuses = new Set<number | undefined>();
    for (let n = 0; n < 302; n++) {
      statuses.add((await stranger.call("GET", "/api/v1/session", { agent })).status);
    }
    agent.destroy();
    assert.deepEqual([...statuses], [200, 429]);
    assert.equal((await browser.call("GET", "/api/v1/clients")).status, 200);
  });

  it("says nothing of what it did not foresee", async () => {
    const browser = await rig.claimed();
    sinon.stub(rig.host.report, "clients").throws(new Error("cannot open /var/lib/secret"));
    const { status, body } = await browser.call("GET", "/api/v1/clients");
    assert.equal(status, 500);
    assert.equal((body.error as { code: string }).code, "internal-error");
    assert.doesNotMatch(JSON.stringify(body), /secret/);
  });

  it("answers others while a peer dawdles with its request", async () => {
    const sockets: TLSSocket[] = [];
    for (let n = 0; n < 20; n++) {
      const socket = connect({ host: "127.0.0.1", port: rig.port, rejectUnauthorized: false });
      socket.on("error", () => undefined);
      await once(socket, "secureConnect");
      socket.write("GET /api/v1/session HTTP/1.1\r\nHost: a\r\nX-Slow: ");
      sockets.push(socket);
    }
    assert.equal((await rig.client().call("GET", "/api/v1/session")).status, 200);
    for (const socket of sockets) socket.destroy();
  });

  it("refuses what is older than TLS 1.2", async () => {
    const socket = connect({
      host: "127.0.0.1",
      port: rig.port,
      rejectUnauthorized: false,
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT:@SECLEVEL=0",
    });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.match(error.code ?? "", /PROTOCOL_VERSION|ECONNRESET/);
  });

  it("forgets a client, and hands all out as a table that runs nothing", async () => {
    const { host } = rig;
    const evil = signerOf("evil");
    const device = { hostname: '=cmd|"a"', fingerprint: "f".repeat(43), agent: "x/1" };
    await host.activation.activate(await host.request(evil, { device }), "192.0.2.9").catch(() => {
      // Counted, and below the threshold.
    });
    const browser = await rig.claimed();
    const { text, headers } = await browser.call("GET", "/api/v1/clients.csv");
    assert.match(headers["content-disposition"] ?? "", /^attachment; filename="kms-clients.csv"$/);
    assert.match(text, /^hostname,cmid,.*\r\n"'=cmd\|""a""",/);
    const forgotten = await browser.call("DELETE", `/api/v1/clients/${evil.cmid}`);
    assert.deepEqual([forgotten.status, host.store.ledger.clients], [200, 0]);
    assert.equal(host.events.named("client-forgotten").length, 1);
    assert.match(rig.admin.auditFile.text, /"forget-client","target":"\S+ =cmd/);
    assert.equal((await browser.call("DELETE", `/api/v1/clients/${evil.cmid}`)).status, 404);
    assert.equal((await browser.call("DELETE", "/api/v1/clients/x")).status, 400);
  });
});
