import assert from "node:assert/strict";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import type { PageFiles } from "../../src/web/pages/page-files.ts";
import { PROGRAMS, temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, type Visit, visitor } from "./chromium.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
const WEB = join(PROGRAMS, "../web");
const MOST_BYTES = 150_000;
const MOST_ADMIN_BYTES = 60_000;
const USABLE_MS = 500;
const LIVE_PAGES = 20;
const MOST_MEMORY = 30_000_000;
const SETTLE_MS = 4000;

describe("what the administration's pages weigh", () => {
  it(`is at most ${MOST_ADMIN_BYTES / 1000} kB over the wire, with all that they load later`, async () => {
    const pages = await readFile(join(WEB, "pages.json"), "utf8");
    const { admin } = JSON.parse(pages) as { admin: PageFiles };
    const first = [admin.script, admin.style ?? "", ...admin.preload];
    const whole = await withLater(first);
    const [atFirst, all] = await Promise.all([packedBytes(first), packedBytes(whole)]);
    console.log(`    ${Math.round(atFirst / 1000)} kB, ${Math.round(all / 1000)} kB in all`);
    assert.ok(whole.length > first.length && all <= MOST_ADMIN_BYTES, `${all} bytes`);
  });
});

/** The files, and those that their scripts load when they are needed. */
async function withLater(files: readonly string[]): Promise<string[]> {
  const found = new Set(files);
  for (const name of found) {
    const text = await readFile(join(WEB, "assets", name), "utf8");
    for (const [, later = ""] of text.matchAll(/"\.\/([\w.-]+\.js)"/g)) found.add(later);
  }
  return [...found];
}

async function packedBytes(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map((name) => stat(join(WEB, "assets", `${name}.gz`))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

describe("what the status page costs", function suite() {
  this.timeout(120_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;

  before(async () => {
    folder = await temporaryFolder();
    [browser, box] = await Promise.all([
      startChromium(),
      BrowserBox.start(join(folder, "box"), ["--bind", "::"]),
    ]);
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it(`weighs at most ${MOST_BYTES / 1000} kB at first, and is usable within ${USABLE_MS} ms`, async () => {
    // The first page of a browser waits for the browser itself.
    const warming = await visitor(browser);
    await warming.page.goto("about:blank");
    await warming.close();
    const visit = await visitor(browser);
    const bytes = await countBytes(visit.page);
    const begunMs = performance.now();
    await visit.page.goto(box.page, { waitUntil: "domcontentloaded" });
    await visit.page
      .getByText(/0 of 25/)
      .first()
      .waitFor();
    const usableMs = performance.now() - begunMs;
    await sleep(1000);
    const painted = await visit.page.evaluate<number>(
      'performance.getEntriesByName("first-contentful-paint")[0].startTime',
    );
    console.log(
      `    ${Math.round(bytes() / 1000)} kB over the wire, painted after ${Math.round(painted)} ms, ` +
        `usable after ${Math.round(usableMs)} ms`,
    );
    assert.ok(bytes() > 1000 && bytes() <= MOST_BYTES, `${bytes()} bytes`);
    assert.ok(painted <= USABLE_MS, `painted after ${painted} ms`);
    assert.ok(usableMs <= USABLE_MS, `usable after ${usableMs} ms`);
    await visit.close();
  });

  it(`takes at most ${MOST_MEMORY / 1e6} MB of the host for ${LIVE_PAGES} live pages`, async () => {
    await runDemo(box.data, { ...QUIET, clients: 5 });
    await sleep(SETTLE_MS);
    const without = await box.residentBytes();
    const visits: Visit[] = [];
    for (let index = 0; index < LIVE_PAGES; index++) {
      const visit = await visitor(browser);
      // One address may have 16: half of them come from the other.
      const address = index % 2 === 0 ? box.page : box.page.replace("127.0.0.1", "[::1]");
      await visit.page.goto(address, { waitUntil: "domcontentloaded" });
      visits.push(visit);
    }
    await runDemo(box.data, { ...QUIET, clients: 10 });
    const last = visits.at(-1)?.page ?? assert.fail();
    for (const { page } of [visits[0] ?? assert.fail(), { page: last }]) {
      await page
        .getByText(/10 of 25/)
        .first()
        .waitFor();
    }
    await sleep(SETTLE_MS);
    const within = await box.residentBytes();
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    console.log(
      `    ${megabytes(without)} without, ${megabytes(within)} with ${LIVE_PAGES} live pages: ` +
        `${megabytes(within - without)} more`,
    );
    assert.ok(within - without <= MOST_MEMORY);
    await Promise.all(visits.map((visit) => visit.close()));
  });

  /** What has come over the wire so far, heads and all, with nothing cached. */
  async function countBytes(page: Page): Promise<() => number> {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    session.on("Network.dataReceived", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    session.on("Network.responseReceived", ({ response }) => {
      bytes += response.encodedDataLength;
    });
    return () => bytes;
  }
});
