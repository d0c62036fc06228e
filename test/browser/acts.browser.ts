import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, type Visit, visitor } from "./chromium.ts";
import { claim, logIn, open } from "./claim.ts";
import { settleOffice } from "./office.ts";

const PASSPHRASE = "seven quiet blue whales";

describe("what an administrator does in a browser", function suite() {
  this.timeout(90_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;
  let visit: Visit;
  let page: Page;

  before(async () => {
    folder = await temporaryFolder();
    const data = join(folder, "box");
    await settleOffice(data, 27, Date.now());
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(data)]);
    visit = await visitor(browser);
    page = visit.page;
    await claim(page, box);
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("lets the box show itself among others", async () => {
    await page.getByRole("button", { name: "Identify this box" }).click();
    await page.getByText("yellow light of this box is blinking").first().waitFor();
    assert.equal((await box.client.panel()).leds.yellow, "slow");
  });

  it("asks what would be without some machines, and is told of a name that nobody has", async () => {
    await open(page, "Insight");
    const names = page.getByLabel("Machines");
    await names.fill("DESIGN-01.office.example, NOBODY");
    await page.getByRole("button", { name: "See what would be" }).click();
    await page.getByRole("alert").filter({ hasText: "NOBODY" }).waitFor();
    await names.fill("DESIGN-01.office.example");
    await page.getByRole("button", { name: "See what would be" }).click();
    await page.getByText("They should not be retired").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as iCalendar" }).click();
    const calendar = await readFile(await (await download).path(), "utf8");
    assert.match(calendar, /^BEGIN:VCALENDAR\r\n[\s\S]*LAB-18/);
  });

  it("is told at once which setting will not do, and which waits for a restart", async () => {
    await open(page, "Settings");
    const seconds = page.getByLabel("display.pageSeconds", { exact: true });
    await seconds.fill("1");
    await page.getByRole("button", { name: "Save 1 changed" }).click();
    await page.locator(".field-fault").filter({ hasText: "pageSeconds" }).waitFor();
    assert.equal(await seconds.getAttribute("aria-invalid"), "true");
    await seconds.fill("9");
    const retention = page.getByLabel("policy.cmidRetentionDays", { exact: true });
    await retention.fill("40");
    await page.getByRole("button", { name: "Save 2 changed" }).click();
    await page.getByText("The settings are kept.").first().waitFor();
    await page.getByText("used only after a restart").waitFor();
    await page.getByRole("button", { name: "Unset policy.cmidRetentionDays" }).click();
    assert.equal(await retention.inputValue(), "30");
  });

  it("makes a token that may do what it is for, and revokes it", async () => {
    await open(page, "Access");
    await page.getByRole("button", { name: "New token…" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("monitoring");
    await page.getByRole("button", { name: "Make the token" }).click();
    const secret = await page.getByRole("dialog").locator("pre").textContent();
    const statusOf = async (path: string) => {
      const guest = await visitor(browser, {
        extraHTTPHeaders: { authorization: `Bearer ${secret}` },
      });
      const answer = await guest.page.context().request.get(`${box.administration}${path}`);
      await guest.close();
      return answer.status();
    };
    assert.deepEqual(
      [await statusOf("/api/v1/status"), await statusOf("/api/v1/clients")],
      [200, 403],
    );
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Revoke monitoring" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke monitoring" }).click();
    await page.getByText("There is none.").waitFor();
    assert.equal(await statusOf("/api/v1/status"), 401);
  });

  it("makes a backup, and is shown what it holds before it is restored", async () => {
    await open(page, "Backup");
    await page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
    await page.getByLabel("Passphrase, again").fill(PASSPHRASE);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Make a backup" }).click();
    const file = join(folder, "box.age");
    await (await download).saveAs(file);
    assert.match(await readFile(file, "latin1"), /^age-encryption\.org/);
    await page.getByLabel("File of the backup").setInputFiles(file);
    await page.getByLabel("Its passphrase").fill("another one that is wrong");
    await page.getByRole("button", { name: "See what it holds" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Its passphrase").fill(PASSPHRASE);
    await page.getByRole("button", { name: "See what it holds" }).click();
    await page.getByText("which are lost").waitFor();
    await page.getByRole("button", { name: "Restore this backup…" }).click();
    const sure = page.getByRole("dialog").getByRole("button", { name: "Restore the backup" });
    assert.equal(await sure.isDisabled(), true);
    await page.getByLabel("Type restore to confirm").fill("restore");
    assert.equal(await sure.isDisabled(), false);
    await page.keyboard.press("Escape");
  });

  it("restarts the box, which asks for the password again and uses what was set", async () => {
    await open(page, "System");
    await page.getByRole("button", { name: "Restart…" }).click();
    await page.getByRole("button", { name: "Restart the service" }).click();
    await page.getByText("The service starts again").first().waitFor();
    await box.printed(/The box starts again/);
    await box.until("its page", async () => {
      const { events } = await box.client
        .events({ name: "web-serving" })
        .catch(() => ({ events: [] }));
      const port = events.find(({ details }) => details.scheme === "https")?.details.port;
      if (port === undefined) return false;
      box.administration = `https://127.0.0.1:${Number(port)}`;
      return true;
    });
    await page.goto(`${box.administration}/#/settings`);
    await logIn(page);
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.getByText("used only after a restart").waitFor({ state: "detached" });
    assert.equal(
      await page.getByLabel("policy.cmidRetentionDays", { exact: true }).inputValue(),
      "40",
    );
  });
});
