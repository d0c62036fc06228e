import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { sha256 } from "../../src/platform/ed25519.ts";
import { keyNames } from "../../src/protocol/thumbprint.ts";
import { runProgram, temporaryFolder } from "../support/box-process.ts";
import { productOf, VendorFixture } from "../support/licence-rig.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, visitor } from "./chromium.ts";
import { claim, logIn } from "./claim.ts";
import { LOOKS, look } from "./look.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
const PASSPHRASE = "seven quiet blue whales";
const DOMAIN = "office.example";

/** Buttons that open a dialog, by their pages. */
const PLAIN: readonly (readonly [page: string, button: string])[] = [
  ["Certificate", "Make a new one…"],
  ["DNS", `Upload the key of ${DOMAIN}`],
  ["System", "Restart…"],
  ["System", "Power off…"],
  ["System", "Factory reset…"],
];

describe("the dialogs of the administration", function suite() {
  this.timeout(120_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;
  let licence: string;
  let backup: string;

  before(async () => {
    folder = await temporaryFolder();
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(join(folder, "box"))]);
    await runDemo(box.data, { ...QUIET, clients: 2 });
    await box.client.changeSettings({ "dns.domains": [{ domain: DOMAIN }] });
    licence = join(folder, "acme.licence");
    const vendor = await VendorFixture.create("ACME Software");
    const publicJwk = await box.client.licenceRequest();
    const host = { publicJwk, thumbprint: keyNames(publicJwk, sha256).thumbprint };
    await writeFile(licence, await vendor.licence(host, [productOf("acme-cad", 25)]));
    backup = join(folder, "box.age");
    const made = ["backup", "create", backup, "--data", box.data];
    assert.equal((await runProgram("kms-box", made, { input: PASSPHRASE })).status, 0);
    const first = await visitor(browser);
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
      const { page, complaints } = visit;
      await page.goto(box.administration);
      await logIn(page);
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      for (const [title, button] of PLAIN) {
        await open(page, title);
        await seen(page, button);
        await page.keyboard.press("Escape");
      }
      await ofMachines(page);
      await ofTokens(page);
      await ofLicences(page);
      await ofBackups(page);
      await ofTheClock(page);
      await ofAnEndedSession(page);
      assert.deepEqual(
        complaints.filter((each) => !/40[19]/.test(each)),
        [],
      );
      await visit.close();
    });
  }

  /** By its address, as the list of pages is folded away on a phone. */
  async function open(page: Page, name: string): Promise<void> {
    await page.goto(`${box.administration}/#/${name.toLowerCase()}`);
    await page.getByRole("heading", { name, level: 1 }).waitFor();
  }

  /** Opens a dialog, which takes the focus, and looks at it. */
  async function seen(page: Page, button: string): Promise<void> {
    await page.getByRole("button", { name: button }).click();
    await shown(page, button);
  }

  async function shown(page: Page, name: string): Promise<void> {
    const dialog = page.getByRole("dialog").last();
    await dialog.waitFor();
    assert.equal(await dialog.locator(":focus").count(), 1, `${name} has not the focus.`);
    await look(page, name);
  }

  async function ofMachines(page: Page): Promise<void> {
    await open(page, "Clients");
    await seen(page, "DEMO-PC-01");
    await seen(page, "Forget this machine…");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }

  async function ofTokens(page: Page): Promise<void> {
    await open(page, "Access");
    await seen(page, "New token…");
    await page.getByRole("textbox", { name: "Name" }).fill("monitoring");
    await page.getByRole("button", { name: "Make the token" }).click();
    await page.getByRole("dialog").locator("pre").waitFor();
    await shown(page, "the token made");
    await page.getByRole("button", { name: "Done" }).click();
    await seen(page, "Revoke monitoring");
    await page.getByRole("dialog").getByRole("button", { name: "Revoke monitoring" }).click();
    await page.getByText("There is none.").waitFor();
  }

  async function ofLicences(page: Page): Promise<void> {
    await open(page, "Licences");
    await page.getByLabel("File from the vendor").setInputFiles(licence);
    await seen(page, "Install");
    await page.keyboard.press("Escape");
  }

  async function ofBackups(page: Page): Promise<void> {
    await open(page, "Backup");
    await page.getByLabel("File of the backup").setInputFiles(backup);
    await page.getByLabel("Its passphrase").fill(PASSPHRASE);
    await page.getByRole("button", { name: "See what it holds" }).click();
    await page.getByText("which are lost").waitFor();
    await seen(page, "Restore this backup…");
    await page.keyboard.press("Escape");
  }

  /** Only where the box does not trust its clock, which it does here. */
  async function ofTheClock(page: Page): Promise<void> {
    await page.route("**/api/v1/clock", async (route) => {
      const answer = await route.fetch();
      const json = { ...(await answer.json()), trusted: false, detail: "No time server answers." };
      await route.fulfill({ response: answer, json });
    });
    await open(page, "Health");
    await seen(page, "Set it to this computer's time…");
    await page.keyboard.press("Escape");
    await page.unrouteAll({ behavior: "wait" });
  }

  async function ofAnEndedSession(page: Page): Promise<void> {
    await page.context().clearCookies();
    await open(page, "Events").catch(() => undefined);
    await page.getByRole("heading", { name: "Log in again" }).waitFor();
    await shown(page, "the session's end");
  }
});
