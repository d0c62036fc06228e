import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, visitor } from "./chromium.ts";
import { claim, open } from "./claim.ts";

// With an installed box the page sends packages: test/deploy/page-upgrade.package.ts.
describe("the upgrade of a box that is no installed service, in a browser", function suite() {
  this.timeout(60_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;

  before(async () => {
    folder = await temporaryFolder();
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(join(folder, "box"))]);
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("says how it is done, and offers no form that could not work", async () => {
    const { page } = await visitor(browser);
    await claim(page, box);
    await open(page, "System");
    await page.getByText("cannot be upgraded from here. Stop it where it was started").waitFor();
    assert.equal(await page.locator("input[type=file]").count(), 0);
    assert.equal(await page.getByText("upgrade.pub.jwk").count(), 0);
  });

  it("is refused also where the form is passed by", async () => {
    const refused = box.client.uploadPackage(Buffer.alloc(1000));
    await assert.rejects(refused, {
      code: "upgrade-not-set-up",
      message: /start the other version/,
    });
  });
});
