import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { sha256 } from "../../src/platform/ed25519.ts";
import { keyNames } from "../../src/protocol/thumbprint.ts";
import { runProgram, temporaryFolder } from "../support/box-process.ts";
import { productOf, VendorFixture } from "../support/licence-rig.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, type Visit, visitor } from "./chromium.ts";
import { claim, open } from "./claim.ts";
import { type Fleet, letClientsAsk } from "./fleet.ts";

const PRODUCT = "acme-cad";

describe("the first 25 clients of a box, in a browser", function suite() {
  this.timeout(120_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;
  let visit: Visit;
  let page: Page;
  let fleet: Fleet;

  before(async () => {
    folder = await temporaryFolder();
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(join(folder, "box"))]);
    visit = await visitor(browser);
    page = visit.page;
    await claim(page, box);
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("takes a vendor's licence by upload, once the vendor is trusted", async () => {
    const vendor = await VendorFixture.create("ACME Software");
    const publicJwk = await box.client.licenceRequest();
    const host = { publicJwk, thumbprint: keyNames(publicJwk, sha256).thumbprint };
    const file = join(folder, "acme.licence");
    await writeFile(file, await vendor.licence(host, [productOf(PRODUCT, 25)]));
    const vendorKey = join(folder, "vendor.pub.jwk");
    await writeFile(vendorKey, JSON.stringify(vendor.signer.publicJwk));
    fleet = { host: box.address, product: PRODUCT, vendorKey, folder };

    await open(page, "Licences");
    await page.getByLabel("File from the vendor").setInputFiles(file);
    await page.getByRole("button", { name: "Install" }).click();
    await page.getByRole("button", { name: "Trust this vendor too" }).click();
    await page.getByRole("heading", { name: "ACME Software" }).waitFor();
    const { licences } = await box.client.licences();
    assert.ok(licences.some((licence) => licence.vendor === "ACME Software"));
  });

  it("counts them as they come, without being asked", async () => {
    await open(page, "Overview");
    const count = page.locator(`[data-product="${PRODUCT}"]`);
    assert.equal(await count.textContent(), "0 of 25");
    await letClientsAsk(fleet, 0, 24);
    await count.filter({ hasText: /^24 of 25$/ }).waitFor();
    await page.getByText(`The product ${PRODUCT} is not activated`).waitFor();
    await letClientsAsk(fleet, 24, 1);
    await count.filter({ hasText: /^25 of 25$/ }).waitFor();
    await page.getByText(`The product ${PRODUCT} is not activated`).waitFor({ state: "detached" });
    const status = await runProgram("kms-client", [
      ...["status", "--state", join(folder, "client-24"), "--json"],
    ]);
    assert.match(status.stdout, /"licensed"/);
  });

  it("explains one, and forgets it once that is confirmed", async () => {
    await open(page, "Clients");
    const rows = page.getByRole("table").getByRole("row");
    await page.getByText("of 25 records").waitFor();
    const cmid = (await rows.nth(1).locator("code").textContent()) ?? "";
    await rows.nth(1).getByRole("button").click();
    const about = page.getByRole("dialog").first();
    await about
      .getByText(/activated/i)
      .first()
      .waitFor();
    await about.getByRole("button", { name: "Forget this machine…" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal((await box.client.clients({ search: cmid })).total, 1);
    await about.getByRole("button", { name: "Forget this machine…" }).click();
    await page.getByRole("button", { name: /^Forget (?!this)/ }).click();
    await page.getByText("of 24 records").waitFor();
    assert.equal((await box.client.clients({ search: cmid })).total, 0);
  });

  it("hands out the list as CSV", async () => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as CSV" }).click();
    const file = await download;
    assert.equal(file.suggestedFilename(), "clients.csv");
    const text = await readFile(await file.path(), "utf8");
    const lines = text.trimEnd().split("\r\n");
    assert.equal(lines.length, 25);
    assert.match(lines[0] ?? "", /cmid/);
  });

  it("tells of all of it in the events and in the audit log", async () => {
    await open(page, "Events");
    await page.getByLabel("Event").selectOption("licence-installed");
    await page.getByRole("cell", { name: /ACME Software/ }).waitFor();
    await open(page, "Audit log");
    for (const act of ["install-licence", "forget-client"]) {
      await page.getByRole("cell", { name: act }).first().waitFor();
    }
    await page.getByRole("button", { name: "Check" }).click();
    await page.locator(".message.good").waitFor();
    // The browser notes the refusal by which the page was told of another vendor.
    assert.deepEqual(
      visit.complaints.filter((text) => !text.includes("409")),
      [],
    );
  });
});
