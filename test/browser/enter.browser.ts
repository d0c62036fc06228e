import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { temporaryFolder } from "../support/box-process.ts";
import { requireScript } from "../terminal/terminal-session.ts";
import { BrowserBox } from "./browser-box.ts";
import { startChromium, type Visit, visitor } from "./chromium.ts";
import { fillClaim, logIn, open, PASSWORD } from "./claim.ts";

const COOKIE = "__Host-kms-box";
const OTHER_PASSWORD = "another five small elephants";

describe("guessing the code of a box", function suite() {
  this.timeout(60_000);

  it("is over after a few tries, even with the right one", async () => {
    const folder = await temporaryFolder();
    const [browser, box] = await Promise.all([
      startChromium(),
      BrowserBox.start(join(folder, "box")),
    ]);
    try {
      const { page } = await visitor(browser);
      const alert = page.getByRole("alert");
      await page.goto(box.administration);
      const code = await box.showCode();
      for (let tries = 1; tries <= 3; tries++) {
        const answered = page.waitForResponse(/claim/);
        await fillClaim(page, "2222-2222", PASSWORD);
        assert.equal((await answered).status(), 403);
        await alert.filter({ hasText: "not the code" }).waitFor();
      }
      await fillClaim(page, code, PASSWORD);
      await alert.filter({ hasText: "Too many tries" }).waitFor();
      assert.deepEqual(await page.context().cookies(), []);
      await page.reload();
      await page.getByRole("heading", { name: "Make this box yours" }).waitFor();
    } finally {
      await browser.close();
      await box.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("entering the administration", function suite() {
  this.timeout(60_000);
  let folder: string;
  let box: BrowserBox;
  let browser: Browser;
  let visit: Visit;

  before(async () => {
    requireScript();
    folder = await temporaryFolder();
    [browser, box] = await Promise.all([startChromium(), BrowserBox.start(join(folder, "box"))]);
    visit = await visitor(browser);
  });
  after(async () => {
    await browser?.close();
    await box?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const alert = () => visit.page.getByRole("alert");
  const cookie = async () =>
    (await visit.page.context().cookies(box.administration)).find(({ name }) => name === COOKIE);

  it("asks for a code, which the public page does not show while the panel does", async () => {
    await visit.page.goto(box.administration);
    await visit.page.getByRole("heading", { name: "Make this box yours" }).waitFor();
    const code = await box.showCode();
    const guest = await visitor(browser);
    await guest.page.goto(box.page);
    const shown = await guest.page.content();
    const mirror = await (await fetch(`${box.page}/panel.json`)).text();
    for (const half of code.split("-")) {
      assert.ok(!shown.includes(half) && !mirror.includes(half), "The public page has the code.");
    }
    const seen = await guest.page.screenshot();
    assert.ok(seen.length > 0);
    assert.match(shown, /code is shown on the box/i);
    await guest.close();
  });

  it("lets in whoever types the code, and asks for a password that will do", async () => {
    const code = await box.showCode();
    await fillClaim(visit.page, code, "short");
    await alert().filter({ hasText: "fewer than 12" }).waitFor();
    await fillClaim(visit.page, code.toLowerCase().replace("-", " "), PASSWORD);
    await visit.page.getByRole("heading", { name: "Overview" }).waitFor();
    const kept = await cookie();
    assert.deepEqual(
      [kept?.httpOnly, kept?.secure, kept?.sameSite, kept?.path],
      [true, true, "Strict", "/"],
    );
    assert.equal(await visit.page.evaluate("document.cookie"), "");
  });

  it("gives a session an id of its own at each login, whatever the browser brought", async () => {
    const first = (await cookie())?.value ?? assert.fail();
    await visit.page.getByRole("button", { name: "Log out" }).click();
    await visit.page.getByRole("heading", { name: "Log in" }).waitFor();
    const planted = { name: COOKIE, value: first, url: box.administration, secure: true };
    await visit.page.context().addCookies([{ ...planted, sameSite: "Strict" }]);
    await logIn(visit.page);
    await visit.page.getByRole("heading", { name: "Overview" }).waitFor();
    const second = (await cookie())?.value ?? assert.fail();
    assert.notEqual(second, first);
    const thief = await visitor(browser);
    await thief.page.context().addCookies([{ ...planted, sameSite: "Strict" }]);
    const { status } = await ask(thief, "GET", "/api/v1/clients");
    assert.equal(status, 401);
    await thief.close();
  });

  it("does nothing for another site, nor for a request without the page's own token", async () => {
    const before = (await box.client.panel()).leds.yellow;
    const stranger = createServer((_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(
        `<form method="post" action="${box.administration}/api/v1/panel/identify"></form>
         <script>document.forms[0].submit()</script>`,
      );
    }).listen(0, "127.0.0.1");
    const other = await visit.page.context().newPage();
    const refused = other.waitForResponse(/identify/);
    await other.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
    assert.ok((await refused).status() >= 400);
    await other.close();
    stranger.close();
    const { status } = await ask(visit, "POST", "/api/v1/panel/identify");
    assert.equal(status, 403);
    assert.equal((await box.client.panel()).leds.yellow, before);
  });

  it("loses nothing that was typed when the session ends", async () => {
    await open(visit.page, "Licences");
    await visit.page.getByLabel("Or its text").fill("typed before");
    await visit.page.context().clearCookies();
    await visit.page.getByRole("button", { name: "Install" }).click();
    const again = visit.page.getByRole("dialog", { name: "Log in again" });
    await again.waitFor();
    await logIn(visit.page);
    await again.waitFor({ state: "detached" });
    await alert().filter({ hasText: "damaged" }).waitFor();
    assert.equal(await visit.page.getByLabel("Or its text").inputValue(), "typed before");
  });

  it("replaces a lost password by a code, and logs everybody else out", async () => {
    const loser = await visitor(browser);
    await loser.page.goto(box.administration);
    await loser.page.getByRole("button", { name: "The password is lost" }).click();
    await fillClaim(loser.page, await box.showCode(), OTHER_PASSWORD);
    await loser.page.getByRole("heading", { name: "Overview" }).waitFor();
    await open(visit.page, "Clients");
    await visit.page.getByRole("dialog", { name: "Log in again" }).waitFor();
    await logIn(visit.page);
    await alert()
      .filter({ hasText: /password/i })
      .waitFor();
    await logIn(visit.page, OTHER_PASSWORD);
    await visit.page.getByRole("dialog").waitFor({ state: "detached" });
    await loser.close();
  });

  /** What a script of somebody else's would send with the visitor's cookies. */
  function ask({ page }: Visit, method: string, path: string) {
    return page
      .context()
      .request.fetch(`${box.administration}${path}`, { method })
      .then((answer) => ({
        status: answer.status(),
      }));
  }
});
