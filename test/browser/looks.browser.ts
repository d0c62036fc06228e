import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, type Visit, visitor } from "./chromium.ts";
import { claim, logIn } from "./claim.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  "light, on a desk": { viewport: DESKTOP, colorScheme: "light" },
  "dark, on a desk": { viewport: DESKTOP, colorScheme: "dark" },
  "light, on a phone": { viewport: PHONE, colorScheme: "light", hasTouch: true },
  "dark, on a phone": { viewport: PHONE, colorScheme: "dark", hasTouch: true },
};

interface AxeFault {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

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

  async function look(page: Page, name: string): Promise<void> {
    await page.waitForLoadState("networkidle").catch(() => undefined);
    const wide = await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    assert.ok(wide <= 0, `${name} is ${wide} pixels too wide.`);
    // The page's own policy lets no script in; the debugger does.
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<{ violations: AxeFault[] }>("axe.run()");
    const serious = violations.filter(
      ({ impact }) => impact === "serious" || impact === "critical",
    );
    assert.deepEqual(serious.map(told), [], `on ${name}`);
  }
});

function told({ id, help, nodes }: AxeFault): string {
  const places = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`);
  return `${id}: ${help}: ${places.join("; ")}`;
}
