import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, type Visit, visitor } from "./chromium.ts";
import { claim, logIn } from "./claim.ts";
import { settleOffice } from "./office.ts";

/** Set to draw the pictures anew. */
const DRAW = process.env.KMS_BOX_PICTURES === "1";
const PICTURES = join(import.meta.dirname, "../../src/web/pictures");
const ENTER = "\r";
const MOST_BYTES = 150_000;
const MACHINES = 27;
const DESKTOP: BrowserContextOptions = { viewport: { width: 1180, height: 860 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 720 },
  deviceScaleFactor: 1.5,
};

describe("the pictures in the README", function suite() {
  this.timeout(60_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;

  before(async () => {
    folder = await temporaryFolder();
    const data = join(folder, "box");
    await settleOffice(data, MACHINES, Date.now());
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(data)]);
    const first = await visitor(browser);
    await claim(first.page, box);
    await first.close();
    // The next page: a code is nothing for a picture.
    box.type(ENTER);
    await box.until("no code", async () => !/code/.test((await box.client.panel()).lines.join()));
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("show the status page", async () => {
    const visit = await visitor(browser, { ...DESKTOP, colorScheme: "light" });
    await visit.page.goto(box.page);
    await visit.page
      .getByText(/27 of 25/)
      .first()
      .waitFor();
    await draw(visit, "status.png");
  });

  it("show the administration", async () => {
    const visit = await visitor(browser, { ...DESKTOP, colorScheme: "dark" });
    await enter(visit, "#/");
    await visit.page.getByText("falls below its threshold").waitFor();
    await draw(visit, "overview.png");
  });

  it("show what it foresees", async () => {
    const visit = await visitor(browser, { ...DESKTOP, colorScheme: "light" });
    await enter(visit, "#/insight");
    await visit.page.locator(".chart canvas").first().waitFor();
    await draw(visit, "insight.png");
  });

  it("show the list of machines on a phone", async () => {
    const visit = await visitor(browser, { ...PHONE, colorScheme: "light" });
    await enter(visit, "#/clients?sort=lastContact");
    await visit.page.getByText("of 27 records").waitFor();
    await draw(visit, "clients.png");
  });

  async function enter({ page }: Visit, place: string): Promise<void> {
    await page.goto(`${box.administration}/${place}`);
    await logIn(page);
    await page.getByRole("button", { name: "Log out" }).waitFor();
  }

  async function draw(visit: Visit, name: string): Promise<void> {
    const { page, complaints } = visit;
    // What is under way would be half drawn.
    await page.waitForTimeout(1500);
    const picture = await page.screenshot({ animations: "disabled" });
    assert.ok(picture.length > 5000 && picture.length < MOST_BYTES, `${picture.length} bytes`);
    assert.deepEqual(complaints, []);
    const path = join(PICTURES, name);
    if (DRAW) {
      await mkdir(PICTURES, { recursive: true });
      await writeFile(path, picture);
    }
    assert.ok(existsSync(path), `KMS_BOX_PICTURES=1 draws ${name}.`);
    await visit.close();
  }
});
