import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROBLEMS } from "../../src/protocol/problems.ts";
import { REQUEST_MAX_BYTES } from "../../src/protocol/request.ts";
import {
  LicenceClaimsSchema,
  LicensedProductSchema,
  RequestClaimsSchema,
} from "../../src/protocol/schemas.ts";
import { SERVER, TestHost, WRITER } from "../support/host.ts";
import { signerOf } from "../support/keys.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { type WebHost, webHost } from "../support/web.ts";

const page = readFileSync("src/protocol/README.md", "utf8");
const vendor = signerOf("vendor");

/** The bounds of a schema, whichever it has. */
const limitsOf = (schema: object) =>
  schema as { minimum?: number; maximum?: number; maxLength?: number; maxItems?: number };

/** How often a pattern lets its characters stand: `{22,128}` as "22 to 128". */
const repeats = (schema: object) =>
  /\{(\d+),(\d+)\}/
    .exec((schema as { pattern: string }).pattern)
    ?.slice(1)
    .join(" to ");

describe("the protocol's page", () => {
  it("names every refusal with its status", () => {
    for (const [name, [status]] of Object.entries(PROBLEMS)) {
      const row = page
        .split("\n")
        .find((line) => line.startsWith("|") && line.includes(`\`${name}\``));
      assert.ok(row?.includes(String(status)), name);
    }
  });

  it("tells the limits that requests are validated with", () => {
    const { iat, jti, device, remainingMinutes } = RequestClaimsSchema.properties;
    const { hostname, agent, fingerprint } = device.properties;
    const told = [
      `${limitsOf(iat).minimum} to ${limitsOf(iat).maximum}`,
      `${limitsOf(remainingMinutes).minimum} to ${limitsOf(remainingMinutes).maximum}`,
      `1 to ${limitsOf(hostname).maxLength} characters`,
      `1 to ${limitsOf(agent).maxLength} characters`,
      `1 to ${limitsOf(LicenceClaimsSchema.properties.products).maxItems}`,
      `1 to ${limitsOf(LicensedProductSchema.properties.threshold).maximum}`,
      `at most ${REQUEST_MAX_BYTES}`,
      `${repeats(jti)} characters`,
      `${repeats(fingerprint)} characters`,
    ];
    for (const text of told) assert.ok(page.includes(text), text);
    for (const name of Object.keys(RequestClaimsSchema.properties)) {
      assert.ok(page.includes(`\`${name}`), name);
    }
  });

  it("derives the CMID of the vectors' client", () => {
    const { keys } = JSON.parse(readFileSync("test/vectors/keys.json", "utf8"));
    const client = keys.find(({ name }: { name: string }) => name === "client");
    for (const value of [client.jwk.x, client.thumbprint, client.cmid]) {
      assert.ok(page.includes(value));
    }
  });

  it("names every file of vectors", () => {
    for (const file of [
      "keys",
      "licence",
      "requests",
      "invalid-requests",
      "lease",
      "invalid-leases",
    ]) {
      assert.ok(page.includes(`\`${file}.json\``));
      assert.ok(readFileSync(`test/vectors/${file}.json`).length > 0);
    }
  });
});

describe("the minimal client of the protocol's page", () => {
  let folder: string;
  let program: string;
  let web: WebHost;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "kms-box-readme-"));
    program = join(folder, "client.mjs");
    const [, code] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
    assert.ok(code, "the page holds a program");
    writeFileSync(program, code);
    const host = new TestHost(new MemoryStore());
    host.clock.wallMs = Date.now();
    await host.grant(vendor);
    web = await webHost(host);
  });
  after(async () => {
    await web.server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (product: string, trusted: string) =>
    new Promise<{ failed: boolean; text: string }>((resolve) => {
      const args = [program, "127.0.0.1", String(web.port), product, trusted];
      execFile(process.execPath, args, (error, stdout, stderr) =>
        resolve({ failed: error !== null, text: stdout + stderr }),
      );
    });

  it("is activated, and believes the lease", async () => {
    const { failed, text } = await run(SERVER.id, vendor.thumbprint);
    assert.equal(failed, false, text);
    const expected = new Date(Math.floor(Date.now() / 1000) * 1000 + 180 * 86_400_000);
    const until = new Date(/^activated until (\S+)\n$/.exec(text)?.[1] ?? "");
    assert.ok(Math.abs(until.getTime() - expected.getTime()) < 60_000, text);
  });

  it("tells a refusal, and when to ask again", async () => {
    const below = await run(WRITER.id, vendor.thumbprint);
    assert.equal(below.text, "urn:kms-box:problem:count-below-threshold retry after 7200\n");
    const unknown = await run("cad", vendor.thumbprint);
    assert.equal(
      unknown.text,
      "urn:kms-box:problem:product-not-licensed retry after the interval\n",
    );
  });

  it("believes no other vendor", async () => {
    const { failed, text } = await run(SERVER.id, signerOf("other").thumbprint);
    assert.deepEqual([failed, text], [true, "Not believed: the vendor\n"]);
  });
});
