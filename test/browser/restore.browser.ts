import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { runProgram, temporaryFolder } from "../support/box-process.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, visitor } from "./chromium.ts";
import { claim, logIn, open } from "./claim.ts";
import { letClientsAsk } from "./fleet.ts";
import { settleOffice } from "./office.ts";

const PASSPHRASE = "seven quiet blue whales";
const OTHER_PASSWORD = "nine brisk grey herons";
const SETTLED = 27;
const REAL = 2;
/** It is made anew of the backup, and starts again. */
const RESTORED_MS = 40_000;

describe("a box that is made another by a backup, in a browser", function suite() {
  this.timeout(120_000);
  let folder: string;
  let backup: string;
  let browser: Browser;
  let former: BrowserBox;
  let fresh: BrowserBox;
  let page: Page;

  before(async () => {
    folder = await temporaryFolder();
    const data = join(folder, "former");
    await settleOffice(data, SETTLED, Date.now());
    // A box has the same address when it starts again.
    const ports = ["--https-port", String(await freePort())];
    [browser, former, fresh] = await Promise.all([
      startChromium(),
      BrowserBox.start(data),
      BrowserBox.start(join(folder, "fresh"), ports),
    ]);
    await letClientsAsk(fleet(former), 1, REAL);
  });
  after(async () => {
    await browser?.close();
    await former?.close();
    await fresh?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const fleet = ({ address }: BrowserBox) => ({
    host: address,
    product: "demo-office",
    vendorKey: join(folder, "former", "demo-vendor", "vendor.pub.jwk"),
    folder,
  });
  const hostOf = async ({ address }: BrowserBox) =>
    (await (await fetch(`http://${address}/v1/host`)).json()) as Record<string, unknown>;
  /** What would change if anything were restored. */
  const standing = async () => {
    const { host, clients } = await fresh.client.status();
    const files = (await readdir(fresh.data)).filter((name) => name.startsWith("restore"));
    return { host, clients, files };
  };

  async function look(file: string, passphrase: string): Promise<void> {
    await page.getByLabel("File of the backup").setInputFiles(file);
    await page.getByLabel("Its passphrase").fill(passphrase);
    await page.getByRole("button", { name: "See what it holds" }).click();
  }

  it("begins with a backup of the former box, made on its page", async () => {
    const visit = await visitor(browser);
    await claim(visit.page, former);
    await open(visit.page, "Backup");
    await visit.page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
    await visit.page.getByLabel("Passphrase, again").fill(PASSPHRASE);
    const download = visit.page.waitForEvent("download");
    await visit.page.getByRole("button", { name: "Make a backup" }).click();
    backup = join(folder, "former.age");
    await (await download).saveAs(backup);
    await visit.close();
  });

  it("says what is wrong with a passphrase or a file, and changes nothing", async () => {
    ({ page } = await visitor(browser));
    await claim(page, fresh, OTHER_PASSWORD);
    await open(page, "Backup");
    const before = await standing();
    const noBackup = join(folder, "holiday.age");
    await writeFile(noBackup, "a picture of the sea");
    const cut = join(folder, "cut.age");
    await writeFile(cut, (await readFile(backup)).subarray(0, -500));
    const empty = join(folder, "empty.age");
    await writeFile(empty, "");
    const cases: [string, string, RegExp][] = [
      [
        backup,
        "six quiet blue whales",
        /^The passphrase is not the one that the file was encrypted/,
      ],
      [noBackup, PASSPHRASE, /^The file is not a backup of a KMS Box/],
      [cut, PASSPHRASE, /^The backup is damaged: it was cut/],
      [empty, PASSPHRASE, /^That file is empty/],
    ];
    const alert = page.getByRole("alert");
    for (const [file, passphrase, words] of cases) {
      await look(file, passphrase);
      await alert.filter({ hasText: words }).waitFor();
      assert.equal(await page.getByRole("button", { name: "Restore this backup…" }).count(), 0);
    }
    assert.deepEqual(await standing(), before);
  });

  it("starts again as the former box, and the page finds it by itself", async () => {
    const was = await hostOf(fresh);
    await look(backup, PASSPHRASE);
    await page.getByText("which are lost").waitFor();
    await page.getByRole("button", { name: "Restore this backup…" }).click();
    await page.getByLabel("Type restore to confirm").fill("restore");
    await page.getByRole("button", { name: "Restore the backup", exact: true }).click();
    const away = page.getByRole("dialog", { name: "The box starts again" });
    await away.getByText("Log in by the password that the box had").waitFor();
    await page.getByRole("heading", { name: "Log in" }).waitFor({ timeout: RESTORED_MS });
    await fresh.printed(/The box starts again/);
    fresh.address = (await fresh.client.status()).address;
    const now = await hostOf(fresh);
    const { host, generation } = await hostOf(former);
    assert.notEqual(was.host, host);
    assert.equal(now.host, host);
    assert.ok(Number(now.generation) > Number(generation ?? 1), JSON.stringify(now));
  });

  it("takes the former box's password and no other, and has its clients and licence", async () => {
    await logIn(page, OTHER_PASSWORD);
    await page
      .getByRole("alert")
      .filter({ hasText: /password/i })
      .waitFor();
    await logIn(page);
    await page.getByRole("heading", { name: "Backup", level: 1 }).waitFor();
    await open(page, "Clients");
    await page.getByText("DESIGN-01.office.example").waitFor();
    await open(page, "Licences");
    await page.getByText("demo-office").first().waitFor();
    const status = await fresh.client.status();
    assert.deepEqual([status.clients, status.lastStart], [SETTLED + REAL, "restore"]);
  });

  it("activates the clients that knew the former box, by the same vendor's licence", async () => {
    const { product, vendorKey } = fleet(former);
    const renewed = await runProgram("kms-client", [
      ...["activate", "--product", product, "--host", fresh.address, "--json"],
      ...["--vendor-key", vendorKey, "--state", join(folder, "client-1")],
    ]);
    assert.equal(renewed.status, 0, renewed.stdout + renewed.stderr);
    assert.equal((await fresh.client.status()).clients, SETTLED + REAL);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : assert.fail();
}
