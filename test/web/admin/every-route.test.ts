import assert from "node:assert/strict";
import { channel } from "node:diagnostics_channel";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, RouteOptions } from "fastify";
import { DAY_MS } from "../../../src/domain/units.ts";
import { type RouteAccess, SCOPES, type Scope } from "../../../src/web/api/access.ts";
import { BoxProcess } from "../../support/box-process.ts";
import { HttpsClient, HttpsRig } from "../../support/https-rig.ts";

interface Route {
  readonly method: string;
  readonly url: string;
  readonly access: Partial<RouteAccess>;
}

/** What strangers may ask for: whatever else is open is a fault. */
const OPEN = ["GET /", "GET /api/v1/session", "POST /api/v1/session", "POST /api/v1/claim"];
const SAFE = new Set(["GET", "HEAD"]);
/** What no test has parts for, or would fail by, is never reached: all of these are refused before. */
const parts = {
  settings: {} as never,
  restore: {} as never,
  insight: {} as never,
  dns: {} as never,
  panel: {} as never,
  upgrade: { desk: {} } as never,
};

const codeOf = ({ body }: { readonly body: Record<string, unknown> }) =>
  (body.error as { readonly code: string } | undefined)?.code;

describe("every route that the administration's server really has", function () {
  this.timeout(120_000);
  const routes: Route[] = [];
  let rig: HttpsRig;
  let browser: HttpsClient;

  before(async () => {
    // fastify tells of every server that is made, before anything is added to it.
    const listen = (message: unknown) => {
      const { fastify } = message as { readonly fastify: FastifyInstance };
      fastify.addHook("onRoute", ({ method, url, config }: RouteOptions) => {
        const access: Partial<RouteAccess> = config ?? {};
        for (const each of [method].flat()) routes.push({ method: each, url, access });
      });
    };
    channel("fastify.initialization").subscribe(listen);
    try {
      rig = await HttpsRig.start(parts);
      browser = await rig.claimed();
    } finally {
      channel("fastify.initialization").unsubscribe(listen);
    }
  });
  after(() => rig.stop());

  const ask = (client: HttpsClient, { method, url }: Route) => {
    // So that nobody is refused for asking too much.
    rig.host.clock.pass(1000);
    const path = url
      .replace(":cmid", "6a1e9b58-0d1f-8a37-9c4e-3b2a17f05d66")
      .replace(/:\w+/g, "some.example");
    return client.call(method, path);
  };
  const bearer = async (scopes: readonly Scope[], expiresDays?: number) => {
    const made = await rig.admin.tokens.create({ name: "t", scopes, expiresDays }, "test");
    const client = rig.client();
    client.headers.authorization = `Bearer ${made.secret}`;
    return { client, id: made.token.id };
  };
  const closed = () => routes.filter(({ access }) => !access.open);

  it("is found, and open to strangers only where that is meant", () => {
    assert.ok(routes.length > 80, String(routes.length));
    for (const { method, url, access } of routes) {
      assert.ok(SCOPES.includes(access.scope as Scope), `${method} ${url} has no scope`);
      if (access.open) assert.ok(OPEN.includes(`${method.replace("HEAD", "GET")} ${url}`), url);
    }
  });

  it("is among those that are tried here, on a box that runs", async () => {
    const found = join(await mkdtemp(join(tmpdir(), "kms-box-routes-")), "routes");
    const spy = `import { channel } from "node:diagnostics_channel";
      import { appendFileSync } from "node:fs";
      channel("fastify.initialization").subscribe(({ fastify }) =>
        fastify.addHook("onRoute", ({ method, url }) => {
          for (const each of [method].flat()) appendFileSync(process.env.FOUND, each + " " + url + "\\n");
        }));`;
    const box = await BoxProcess.start({
      web: true,
      args: ["--web-port", "0", "--https-port", "0", "--no-dns", "--no-panel"],
      env: {
        FOUND: found,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(spy)}`,
      },
    });
    try {
      let port = 0;
      for await (const line of box.program.lines()) {
        const { event, scheme, port: at } = JSON.parse(line) as Record<string, unknown>;
        if (event === "web-serving" && scheme === "https") port = at as number;
        if (port !== 0) break;
      }
      // Its server is made when somebody comes.
      await new HttpsClient(port).call("GET", "/api/v1/session");
      const there = (await readFile(found, "utf8"))
        .split("\n")
        .filter((each) => / \/api\//.test(each));
      assert.ok(there.includes("POST /api/v1/claim"));
      const tried = new Set(routes.map(({ method, url }) => `${method} ${url}`));
      const missed = there.filter((each) => !tried.has(each));
      assert.deepEqual(missed, []);
    } finally {
      await box.stop();
    }
  });

  it("is refused to whoever brings nothing", async () => {
    for (const route of closed()) {
      const { status } = await ask(rig.client(), route);
      assert.equal(status, route.access.local ? 403 : 401, `${route.method} ${route.url}`);
    }
  });

  it("is refused to a session without its token, where it changes anything", async () => {
    const forged = rig.client();
    forged.cookie = browser.cookie;
    for (const token of [undefined, "", "x", browser.headers["x-csrf-token"]?.slice(1)]) {
      if (token !== undefined) forged.headers["x-csrf-token"] = token;
      for (const route of closed().filter(({ method }) => !SAFE.has(method))) {
        const answer = await ask(forged, route);
        const expected = route.access.local ? "local-only" : "csrf-refused";
        assert.equal(codeOf(answer), expected, `${route.method} ${route.url}`);
      }
    }
  });

  for (const scope of SCOPES) {
    it(`is refused to a token for "${scope}" where it is for anything else`, async () => {
      const { client, id } = await bearer([scope]);
      for (const route of closed().filter(({ access }) => access.scope !== scope)) {
        const { status } = await ask(client, route);
        assert.equal(status, 403, `${route.method} ${route.url}`);
      }
      await rig.admin.tokens.revoke(id, "test");
    });
  }

  it("is refused to a token that was revoked, or has expired, whatever it was for", async () => {
    const revoked = await bearer(SCOPES);
    await rig.admin.tokens.revoke(revoked.id, "test");
    const expired = await bearer(SCOPES, 1);
    rig.host.clock.pass(DAY_MS);
    for (const { client } of [revoked, expired]) {
      for (const route of closed()) {
        const { status } = await ask(client, route);
        assert.equal(status, route.access.local ? 403 : 401, `${route.method} ${route.url}`);
      }
    }
  });
});
