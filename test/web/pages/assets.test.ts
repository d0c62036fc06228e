import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fastify from "fastify";
import { PAGES_FOLDER } from "../../../src/version.ts";
import { PageAssets, PagesMissingError } from "../../../src/web/pages/assets.ts";

describe("what browsers load besides the pages", () => {
  const open = async () => {
    const assets = await PageAssets.open(PAGES_FOLDER);
    const app = fastify();
    assets.addRoutes(app);
    return { assets, app };
  };

  it("is served packed to who takes it so, plain to who does not, and kept for ever", async () => {
    const { assets, app } = await open();
    const { style } = assets.page("status");
    const get = (encoding?: string) =>
      app.inject({
        url: `/assets/${style}`,
        headers: encoding === undefined ? {} : { "accept-encoding": encoding },
      });
    const plain = await get();
    assert.equal(plain.statusCode, 200);
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.match(String(plain.headers["content-type"]), /^text\/css/);
    assert.match(String(plain.headers["cache-control"]), /immutable/);
    assert.equal(plain.headers.vary, "accept-encoding");
    const packed = await get("br, GZIP;q=0.5");
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.deepEqual(gunzipSync(packed.rawPayload), plain.rawPayload);
    assert.equal((await get("gzip;q=0")).headers["content-encoding"], undefined);
  });

  it("is nothing but what the build made", async () => {
    const { assets, app } = await open();
    const { script } = assets.page("status");
    const names = [
      "../pages.json",
      "..%2fpages.json",
      "%2e%2e%2f%2e%2e%2fpackage.json",
      "..%5cpages.json",
      `${script}%00`,
      `${script}.gz`,
      "none.js",
      "constructor",
      "",
    ];
    for (const name of names) {
      assert.equal((await app.inject(`/assets/${name}`)).statusCode, 404, name);
    }
    assert.equal((await app.inject(`/assets/${script}`)).statusCode, 200);
  });

  it("is packed beside itself, each under a name of its content", () => {
    const names = readdirSync(join(PAGES_FOLDER, "assets"));
    const plain = names.filter((name) => !name.endsWith(".gz"));
    assert.ok(plain.length >= 2);
    for (const name of plain) {
      assert.match(name, /-[A-Z0-9]{8}\.(js|css)$/);
      assert.ok(names.includes(`${name}.gz`), name);
    }
  });

  it("is told as missing where nothing was built", async () => {
    await assert.rejects(PageAssets.open("/nonexistent"), PagesMissingError);
    const { assets } = await open();
    assert.throws(() => assets.page("none"), PagesMissingError);
  });
});
