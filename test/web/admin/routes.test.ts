import assert from "node:assert/strict";
import fastify, { type RouteOptions } from "fastify";
import { type RouteAccess, SCOPES, type Scope } from "../../../src/web/api/access.ts";
import { addApi } from "../../../src/web/api/api.ts";
import { addSessionRoutes } from "../../../src/web/api/session-routes.ts";
import { TYPEBOX_COMPILERS } from "../../../src/web/schema-compilers.ts";
import { apiParts } from "../../support/api-parts.ts";
import { testHost } from "../../support/host.ts";
import { HttpsRig } from "../../support/https-rig.ts";

interface Route {
  readonly method: string;
  readonly url: string;
  readonly config: Partial<RouteAccess>;
}

const SAFE = new Set(["GET", "HEAD"]);

/** Every route of the API as it is registered. */
async function routes(): Promise<Route[]> {
  const host = await testHost();
  const app = fastify({ schemaController: TYPEBOX_COMPILERS });
  const found: Route[] = [];
  app.addHook("onRoute", ({ method, url, config = {} }: RouteOptions) => {
    for (const each of [method].flat()) found.push({ method: each, url, config });
  });
  const parts = apiParts(host);
  addApi(app, parts);
  addSessionRoutes(app, parts.admin.administration);
  await app.ready();
  await app.close();
  return found.filter(({ method }) => method !== "HEAD");
}

const addressOf = (url: string) =>
  url.replace(":cmid", "6a1e9b58-0d1f-8a37-9c4e-3b2a17f05d66").replace(/:\w+/g, "some.example");

describe("every route of the administration", function () {
  this.timeout(30_000);
  let all: Route[];
  let rig: HttpsRig;
  before(async () => {
    all = await routes();
    rig = await HttpsRig.start();
  });
  after(() => rig.stop());

  it("says whom it is for, and what the audit log calls it if it changes anything", () => {
    assert.ok(all.length > 25, String(all.length));
    for (const { method, url, config } of all) {
      assert.ok(SCOPES.includes(config.scope as Scope), `${method} ${url}`);
      if (!SAFE.has(method)) assert.ok(config.act, `${method} ${url} has no act`);
    }
  });

  it("is closed to whoever brings nothing, or a token that is none", async () => {
    for (const { method, url, config } of all.filter((route) => !route.config.open)) {
      for (const authorization of ["", "Bearer kmsbox_none", "Basic YWRtaW46YWRtaW4="]) {
        const client = rig.client();
        if (authorization !== "") client.headers.authorization = authorization;
        const { status } = await client.call(method, addressOf(url));
        assert.equal(status, config.local ? 403 : 401, `${method} ${url} ${authorization}`);
      }
    }
  });

  it("is closed to a token for anything else", async () => {
    for (const { method, url, config } of all.filter((route) => !route.config.open)) {
      const scopes = SCOPES.filter((scope) => scope !== config.scope);
      const { secret, token } = await rig.admin.tokens.create({ name: "t", scopes }, "test");
      const client = rig.client();
      client.headers.authorization = `Bearer ${secret}`;
      const { status } = await client.call(method, addressOf(url));
      assert.equal(status, 403, `${method} ${url}`);
      await rig.admin.tokens.revoke(token.id, "test");
      rig.host.clock.pass(1000);
    }
  });

  it("is not there over HTTPS if it is for the box's own commands", async () => {
    const local = all.filter(({ config }) => config.local);
    assert.ok(local.length > 0);
    const client = await rig.claimed();
    for (const { method, url } of local) {
      assert.equal((await client.call(method, addressOf(url))).status, 403, url);
    }
  });

  it("stands in the description, with its scope and its act", async () => {
    const client = await rig.claimed();
    const { body } = await client.call<{
      paths: Record<string, Record<string, Record<string, unknown>>>;
    }>("GET", "/api/v1/openapi.json");
    for (const { method, url, config } of all) {
      const path = url.replace(/:(\w+)/g, "{$1}");
      const operation = body.paths[path]?.[method.toLowerCase()];
      if (config.local) assert.equal(operation, undefined, url);
      else {
        const told = [operation?.["x-scope"], operation?.["x-act"]];
        assert.deepEqual(told, [config.scope, config.act], `${method} ${url}`);
      }
    }
  });
});
