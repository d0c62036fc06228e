import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, type Visit, visitor } from "./chromium.ts";
import { claim, logIn } from "./claim.ts";
import { LOOKS, look } from "./look.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
describe("the pages as they look", function suite() {
  this.timeout(120_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;

  before(async () => {
    folder = await temporaryFolder();
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(join(folder, "box"))]);
    await runDemo(box.data, { ...QUIET, clients: 27 });
    const first = await visitor(browser);
    await first.page.goto(box.administration);
    await first.page.getByRole("heading", { name: "Make this box yours" }).waitFor();
    await look(first.page, "the claim");
    await claim(first.page, box);
    await first.close();
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [name, options] of Object.entries(LOOKS)) {
    it(`are whole and accessible: ${name}`, async () => {
      const visit = await visitor(browser, options);
      await visit.page.goto(box.page);
      await look(visit.page, "the status page");
      const legend = visit.page.locator(".u-legend").first();
      assert.match(
        (await legend.textContent()) ?? "",
        /count:?\s*\d+/,
        "the latest, before it is pointed at",
      );
      await enter(visit);
      const links = visit.page.locator("#pages a");
      const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      assert.ok(paths.length >= 14, `Only ${paths.length} pages`);
      for (const path of paths) {
        await visit.page.goto(`${box.administration}/${path}`);
        await look(visit.page, path ?? "");
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    });
  }

  async function enter({ page }: Visit): Promise<void> {
    await page.goto(box.administration);
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    await look(page, "the login");
    await logIn(page);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  }
});
