import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS } from "../../../src/domain/units.ts";
import type { SessionAnswer } from "../../../src/web/api/session-schemas.ts";
import { HttpsRig, PASSWORD } from "../../support/https-rig.ts";

const code = (answer: { readonly body: Record<string, unknown> }) =>
  (answer.body.error as { code: string } | undefined)?.code;

describe("a session of the administration", () => {
  let rig: HttpsRig;
  beforeEach(async () => {
    rig = await HttpsRig.start();
  });
  afterEach(() => rig.stop());

  it("begins with the code that the panel shows, which sets the password", async () => {
    const browser = rig.client();
    const before = await browser.call("GET", "/api/v1/session");
    assert.deepEqual([before.body.claimed, before.body.loggedIn], [false, false]);
    const shown = rig.admin.codes.issue();
    const body = { code: shown.code, password: PASSWORD };
    const claimed = await browser.call<SessionAnswer>("POST", "/api/v1/claim", { body });
    assert.equal(claimed.status, 200);
    assert.equal(rig.admin.password.isSet, true);
    const after = await browser.call("GET", "/api/v1/session");
    assert.deepEqual(after.body, { ...claimed.body });
    assert.equal((await browser.call("GET", "/api/v1/clients")).status, 200);
    assert.equal(rig.host.events.named("admin-claimed").length, 1);
  });

  it("is a cookie that no script reads, no other site sends and no other host gets", async () => {
    const browser = rig.client();
    const { code: shown } = rig.admin.codes.issue();
    const body = { code: shown, password: PASSWORD };
    const { headers } = await browser.call("POST", "/api/v1/claim", { body });
    const [cookie = ""] = headers["set-cookie"] ?? [];
    const [value = "", ...flags] = cookie.split("; ");
    assert.match(value, /^__Host-kms-box=[\w-]{43}$/);
    assert.deepEqual(flags.toSorted(), ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]);
  });

  it("begins anew at each login, so that one that was planted is worth nothing", async () => {
    await rig.claimed();
    const victim = rig.client();
    victim.cookie = `__Host-kms-box=${"A".repeat(43)}`;
    const planted = victim.cookie;
    const answer = await victim.call("POST", "/api/v1/session", { body: { password: PASSWORD } });
    assert.equal(answer.status, 200);
    assert.notEqual(victim.cookie, planted);
    const attacker = rig.client();
    attacker.cookie = planted;
    assert.equal((await attacker.call("GET", "/api/v1/clients")).status, 401);
    const first = victim.cookie;
    await victim.call("POST", "/api/v1/session", { body: { password: PASSWORD } });
    assert.notEqual(victim.cookie, first);
    attacker.cookie = first;
    assert.equal((await attacker.call("GET", "/api/v1/clients")).status, 401);
  });

  it("ends by logging out, on the box too", async () => {
    const browser = await rig.claimed();
    const { cookie } = browser;
    const { status, headers } = await browser.call("DELETE", "/api/v1/session");
    assert.equal(status, 200);
    assert.match(headers["set-cookie"]?.[0] ?? "", /^__Host-kms-box=;.*Expires=Thu, 01 Jan 1970/);
    browser.cookie = cookie;
    assert.equal((await browser.call("GET", "/api/v1/clients")).status, 401);
  });

  it("ends after half an hour without use, and after twelve hours with", async () => {
    const browser = await rig.claimed();
    for (let passed = 0; passed < 11 * HOUR_MS; passed += 29 * MINUTE_MS) {
      rig.host.clock.pass(29 * MINUTE_MS);
      assert.equal((await browser.call("GET", "/api/v1/clients")).status, 200);
    }
    rig.host.clock.pass(29 * MINUTE_MS);
    await browser.call("GET", "/api/v1/clients");
    rig.host.clock.pass(29 * MINUTE_MS);
    await browser.call("GET", "/api/v1/clients");
    rig.host.clock.pass(29 * MINUTE_MS);
    assert.equal((await browser.call("GET", "/api/v1/clients")).status, 401);
    await browser.call("POST", "/api/v1/session", { body: { password: PASSWORD } });
    rig.host.clock.pass(30 * MINUTE_MS);
    assert.equal((await browser.call("GET", "/api/v1/clients")).status, 401);
  });

  it("changes the box only with the session's token", async () => {
    const browser = await rig.claimed();
    const { "x-csrf-token": token = "" } = browser.headers;
    const body = { yes: true };
    const wrong = token.startsWith("A") ? `B${token.slice(1)}` : `A${token.slice(1)}`;
    for (const headers of [{ "x-csrf-token": "" }, { "x-csrf-token": wrong }]) {
      const answer = await browser.call("POST", "/api/v1/clock/trust", { body, headers });
      assert.deepEqual([answer.status, code(answer)], [403, "csrf-refused"]);
    }
    assert.equal((await browser.call("POST", "/api/v1/clock/trust", { body })).status, 200);
  });

  it("changes nothing that a page of another site asks for", async () => {
    const browser = await rig.claimed();
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.test" },
      { origin: "null" },
      { origin: `http://127.0.0.1:${rig.port}` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of foreign) {
      for (const path of ["/api/v1/clock/trust", "/api/v1/session", "/api/v1/claim"]) {
        const answer = await browser.call("POST", path, { body: {}, headers });
        assert.deepEqual([answer.status, code(answer)], [403, "foreign-origin"], path);
      }
    }
    const own = { origin: `https://127.0.0.1:${rig.port}`, "sec-fetch-site": "same-origin" };
    const answer = await browser.call("POST", "/api/v1/clock/trust", { body: {}, headers: own });
    assert.equal(answer.status, 200);
  });

  it("is refused while nobody has claimed the box, saying how that is done", async () => {
    const answer = await rig.client().call("POST", "/api/v1/session", { body: { password: "x" } });
    assert.deepEqual([answer.status, code(answer)], [409, "not-claimed"]);
    assert.match(answer.text, /Claim it first: hold its button/);
  });
});
